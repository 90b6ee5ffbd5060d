"""Every field of descriptor.proto is looked at by the diff, or left out for a reason: none is forgotten.

A release of protobuf that adds one fails here until somebody has decided what it means.
"""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2

_COMPARED = {
    "FileDescriptorProto": "name package message_type enum_type service extension options public_dependency syntax edition",
    "DescriptorProto": "name field nested_type enum_type extension_range extension options oneof_decl reserved_range reserved_name visibility",
    "FieldDescriptorProto": "name extendee number label type type_name default_value options oneof_index json_name proto3_optional",
    "OneofDescriptorProto": "name options",
    "EnumDescriptorProto": "name value options reserved_range reserved_name visibility",
    "EnumValueDescriptorProto": "name number options",
    "ServiceDescriptorProto": "name method options",
    "MethodDescriptorProto": "name input_type output_type options client_streaming server_streaming",
    "FileOptions": "java_package java_outer_classname java_multiple_files java_generate_equals_and_hash java_string_check_utf8 optimize_for go_package cc_generic_services java_generic_services py_generic_services deprecated cc_enable_arenas objc_class_prefix csharp_namespace swift_prefix php_class_prefix php_namespace php_metadata_namespace ruby_package features",
    "MessageOptions": "message_set_wire_format no_standard_descriptor_accessor deprecated map_entry deprecated_legacy_json_field_conflicts features",
    "FieldOptions": "ctype packed jstype lazy unverified_lazy deprecated weak debug_redact retention targets edition_defaults features feature_support",
    "EnumOptions": "allow_alias deprecated deprecated_legacy_json_field_conflicts features",
    "EnumValueOptions": "deprecated features debug_redact feature_support",
    "ServiceOptions": "features deprecated",
    "MethodOptions": "deprecated idempotency_level features",
    "FeatureSet": "field_presence enum_type repeated_field_encoding utf8_validation message_encoding json_format default_symbol_visibility",
}
_LEFT_OUT = {
    "dependency": "imports are no contract; what is missing does not compile",
    "weak_dependency": "a weak import is an import",
    "option_dependency": "imports of options alone",
    "source_code_info": "comments and positions",
    "uninterpreted_option": "options that the compiler has not read: there are none in its output",
    "enforce_naming_style": "a rule for authors",
    "enforce_proto_limits": "a rule for authors",
}


@pytest.mark.parametrize("name", _COMPARED)
def test_no_field_of_descriptors_is_forgotten(name):
    fields = {field.name for field in getattr(descriptor_pb2, name).DESCRIPTOR.fields}
    assert fields - set(_COMPARED[name].split()) - set(_LEFT_OUT) == set()
