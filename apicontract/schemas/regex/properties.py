r"""Properties of characters, as `\p{…}` names them: which names ECMA-262 knows, and the sets behind them.

The sets are those of Python's Unicode data, exactly, or none: a property that Python does not carry
(scripts, Alphabetic, Emoji) has a valid name and no set here. A character that Unicode assigned after
the running Python was made counts as unassigned.
Source: ECMA-262 (2024) 22.2.1.1 and its tables 67 to 69, with the scripts of Unicode 17.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from apicontract.schemas.regex import charset as cs

if TYPE_CHECKING:
    from collections.abc import Callable

    from apicontract.schemas.regex.charset import Charset

_CATEGORY_NAMES = """
Cc/Control/cntrl Cf/Format Cn/Unassigned Co/Private_Use Cs/Surrogate C/Other LC/Cased_Letter L/Letter
Ll/Lowercase_Letter Lm/Modifier_Letter Lo/Other_Letter Lt/Titlecase_Letter Lu/Uppercase_Letter
M/Mark/Combining_Mark Mc/Spacing_Mark Me/Enclosing_Mark Mn/Nonspacing_Mark N/Number
Nd/Decimal_Number/digit Nl/Letter_Number No/Other_Number P/Punctuation/punct Pc/Connector_Punctuation
Pd/Dash_Punctuation Pe/Close_Punctuation Pf/Final_Punctuation Pi/Initial_Punctuation Po/Other_Punctuation
Ps/Open_Punctuation S/Symbol Sc/Currency_Symbol Sk/Modifier_Symbol Sm/Math_Symbol So/Other_Symbol
Z/Separator Zl/Line_Separator Zp/Paragraph_Separator Zs/Space_Separator
"""

_BINARY_NAMES = """
ASCII ASCII_Hex_Digit/AHex Alphabetic/Alpha Any Assigned Bidi_Control/Bidi_C Bidi_Mirrored/Bidi_M
Case_Ignorable/CI Cased Changes_When_Casefolded/CWCF Changes_When_Casemapped/CWCM
Changes_When_Lowercased/CWL Changes_When_NFKC_Casefolded/CWKCF Changes_When_Titlecased/CWT
Changes_When_Uppercased/CWU Dash Default_Ignorable_Code_Point/DI Deprecated/Dep Diacritic/Dia Emoji
Emoji_Component/EComp Emoji_Modifier/EMod Emoji_Modifier_Base/EBase Emoji_Presentation/EPres
Extended_Pictographic/ExtPict Extender/Ext Grapheme_Base/Gr_Base Grapheme_Extend/Gr_Ext Hex_Digit/Hex
IDS_Binary_Operator/IDSB IDS_Trinary_Operator/IDST ID_Continue/IDC ID_Start/IDS Ideographic/Ideo
Join_Control/Join_C Logical_Order_Exception/LOE Lowercase/Lower Math Noncharacter_Code_Point/NChar
Pattern_Syntax/Pat_Syn Pattern_White_Space/Pat_WS Quotation_Mark/QMark Radical Regional_Indicator/RI
Sentence_Terminal/STerm Soft_Dotted/SD Terminal_Punctuation/Term Unified_Ideograph/UIdeo Uppercase/Upper
Variation_Selector/VS White_Space/space XID_Continue/XIDC XID_Start/XIDS
"""

_SCRIPT_NAMES = """
Adlm/Adlam Aghb/Caucasian_Albanian Ahom Arab/Arabic Armi/Imperial_Aramaic Armn/Armenian Avst/Avestan
Bali/Balinese Bamu/Bamum Bass/Bassa_Vah Batk/Batak Beng/Bengali Berf/Beria_Erfe Bhks/Bhaiksuki
Bopo/Bopomofo Brah/Brahmi Brai/Braille Bugi/Buginese Buhd/Buhid Cakm/Chakma Cans/Canadian_Aboriginal
Cari/Carian Cham Cher/Cherokee Chrs/Chorasmian Copt/Coptic/Qaac Cpmn/Cypro_Minoan Cprt/Cypriot
Cyrl/Cyrillic Deva/Devanagari Diak/Dives_Akuru Dogr/Dogra Dsrt/Deseret Dupl/Duployan
Egyp/Egyptian_Hieroglyphs Elba/Elbasan Elym/Elymaic Ethi/Ethiopic Gara/Garay Geor/Georgian Glag/Glagolitic
Gong/Gunjala_Gondi Gonm/Masaram_Gondi Goth/Gothic Gran/Grantha Grek/Greek Gujr/Gujarati Gukh/Gurung_Khema
Guru/Gurmukhi Hang/Hangul Hani/Han Hano/Hanunoo Hatr/Hatran Hebr/Hebrew Hira/Hiragana
Hluw/Anatolian_Hieroglyphs Hmng/Pahawh_Hmong Hmnp/Nyiakeng_Puachue_Hmong Hung/Old_Hungarian
Ital/Old_Italic Java/Javanese Kali/Kayah_Li Kana/Katakana Kawi Khar/Kharoshthi Khmr/Khmer Khoj/Khojki
Kits/Khitan_Small_Script Knda/Kannada Krai/Kirat_Rai Kthi/Kaithi Lana/Tai_Tham Laoo/Lao Latn/Latin
Lepc/Lepcha Limb/Limbu Lina/Linear_A Linb/Linear_B Lisu Lyci/Lycian Lydi/Lydian Mahj/Mahajani Maka/Makasar
Mand/Mandaic Mani/Manichaean Marc/Marchen Medf/Medefaidrin Mend/Mende_Kikakui Merc/Meroitic_Cursive
Mero/Meroitic_Hieroglyphs Mlym/Malayalam Modi Mong/Mongolian Mroo/Mro Mtei/Meetei_Mayek Mult/Multani
Mymr/Myanmar Nagm/Nag_Mundari Nand/Nandinagari Narb/Old_North_Arabian Nbat/Nabataean Newa Nkoo/Nko
Nshu/Nushu Ogam/Ogham Olck/Ol_Chiki Onao/Ol_Onal Orkh/Old_Turkic Orya/Oriya Osge/Osage Osma/Osmanya
Ougr/Old_Uyghur Palm/Palmyrene Pauc/Pau_Cin_Hau Perm/Old_Permic Phag/Phags_Pa Phli/Inscriptional_Pahlavi
Phlp/Psalter_Pahlavi Phnx/Phoenician Plrd/Miao Prti/Inscriptional_Parthian Rjng/Rejang
Rohg/Hanifi_Rohingya Runr/Runic Samr/Samaritan Sarb/Old_South_Arabian Saur/Saurashtra Sgnw/SignWriting
Shaw/Shavian Shrd/Sharada Sidd/Siddham Sidt/Sidetic Sind/Khudawadi Sinh/Sinhala Sogd/Sogdian
Sogo/Old_Sogdian Sora/Sora_Sompeng Soyo/Soyombo Sund/Sundanese Sunu/Sunuwar Sylo/Syloti_Nagri Syrc/Syriac
Tagb/Tagbanwa Takr/Takri Tale/Tai_Le Talu/New_Tai_Lue Taml/Tamil Tang/Tangut Tavt/Tai_Viet Tayo/Tai_Yo
Telu/Telugu Tfng/Tifinagh Tglg/Tagalog Thaa/Thaana Thai Tibt/Tibetan Tirh/Tirhuta Tnsa/Tangsa Todr/Todhri
Tols/Tolong_Siki Toto Tutg/Tulu_Tigalari Ugar/Ugaritic Vaii/Vai Vith/Vithkuqi Wara/Warang_Citi Wcho/Wancho
Xpeo/Old_Persian Xsux/Cuneiform Yezi/Yezidi Yiii/Yi Zanb/Zanabazar_Square Zinh/Inherited/Qaai Zyyy/Common
Zzzz/Unknown
"""

# Sets that Unicode's stability policy or long practice keeps as they are.
_FIXED: dict[str, Charset] = {
    "ASCII": ((0, 0x7F),),
    "AHex": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
    "Any": cs.ALL,
    "Hex": (
        (0x30, 0x39), (0x41, 0x46), (0x61, 0x66), (0xFF10, 0xFF19), (0xFF21, 0xFF26), (0xFF41, 0xFF46),
    ),
    "Join_C": ((0x200C, 0x200D),),
    "NChar": ((0xFDD0, 0xFDEF), *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, cs.LAST, 0x10000))),
    "Pat_WS": ((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0x200E, 0x200F), (0x2028, 0x2029)),
    "RI": ((0x1F1E6, 0x1F1FF),),
    "space": (
        (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
        (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    ),
}  # fmt: skip

# Sets that methods of Python's strings know, because Python makes them from the same Unicode property.
_BY_METHOD: dict[str, Callable[[str], bool]] = {
    "Bidi_M": lambda char: unicodedata.mirrored(char) == 1,
    "Lower": str.islower,
    "Upper": str.isupper,
    "XIDC": lambda char: f"a{char}".isidentifier(),
    "XIDS": lambda char: char.isidentifier() and char != "_",
}


def property_set(name: str) -> Charset | None:
    r"""The set of `\p{name}`, None if Python's data has none; KeyError if ECMA-262 knows no such name."""
    key, equals, value = name.partition("=")
    if key in ("Script", "sc", "Script_Extensions", "scx") and equals:
        if value not in _names(_SCRIPT_NAMES):
            raise KeyError(name)
        return None
    if key in ("General_Category", "gc") and equals:
        return _of_category(_names(_CATEGORY_NAMES)[value])
    if key in _names(_CATEGORY_NAMES) and not equals:
        return _of_category(_names(_CATEGORY_NAMES)[key])
    return _binary(_names(_BINARY_NAMES)[name])


@lru_cache(maxsize=3)
def _names(table: str) -> dict[str, str]:
    """Every name of a table with the name by which this module goes: the short one."""
    found = {}
    for entry in table.split():
        names = entry.split("/")
        # Categories and scripts list the short name first, binary properties after the long one.
        short = names[-1] if table is _BINARY_NAMES else names[0]
        found.update(dict.fromkeys(names, short))
    return found


@lru_cache(maxsize=1)
def _categories() -> dict[str, Charset]:
    """The set of each two-letter general category."""
    found: dict[str, list[tuple[int, int]]] = {}
    start = 0
    for category, run in groupby(map(unicodedata.category, map(chr, range(cs.LAST + 1)))):
        after = start + sum(1 for _ in run)
        found.setdefault(category, []).append((start, after - 1))
        start = after
    return {category: tuple(intervals) for category, intervals in found.items()}


@lru_cache(maxsize=64)
def _of_category(short: str) -> Charset:
    members = ("Ll", "Lt", "Lu") if short == "LC" else (short,)
    return cs.union(*(found for name, found in _categories().items() if name.startswith(members)))


@lru_cache(maxsize=16)
def _binary(short: str) -> Charset | None:
    if short == "Assigned":
        return cs.complement(_of_category("Cn"))
    if short in _FIXED:
        return _FIXED[short]
    holds = _BY_METHOD.get(short)
    if holds is None:
        return None
    return cs.union(*(cs.single(code) for code in range(cs.LAST + 1) if holds(chr(code))))
