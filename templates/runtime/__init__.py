"""What every generated package carries with it: partial failure, discovery and HTTP, as ordinary modules.

Nothing here knows a contract. Generated code says what is called and how its answers are judged; these
modules say when to give up, when to try again and whom to ask.
"""
