"""Protos that hold one of everything, one text per syntax; the tests of loading and of the model read them."""

from __future__ import annotations

PROTO2 = """
syntax = "proto2";
package acme.old;
import "acme/new/v1/new.proto";

enum Colour { RED = 1; GREEN = 2; }

message Old {
  required int32 id = 1;
  optional int64 big = 2 [default = -5];
  optional string text = 3 [default = "a\\"b"];
  optional bytes raw = 4 [default = "\\001\\377x"];
  optional double ratio = 5 [default = inf];
  optional bool flag = 6 [default = true];
  optional Colour colour = 7;
  optional Colour chosen = 8 [default = GREEN];
  repeated int32 loose = 9;
  repeated int32 tight = 10 [packed = true];
  repeated group Part = 11 { optional string name = 1; }
  optional acme.new.v1.New other = 12;
  map<string, bytes> colours = 13;
  oneof choice { uint32 number = 14; sfixed64 fixed = 15; }
  extensions 100 to 199;
  reserved 20, 30 to 40;
  reserved "gone", "lost";
}

extend Old { repeated sint32 more = 100 [packed = true]; optional string note = 101; }
"""

PROTO3 = """
syntax = "proto3";
package acme.new.v1;
import public "acme/ed/v1/ed.proto";

enum Shade { option allow_alias = true; SHADE_UNSPECIFIED = 0; DARK = 1; BLACK = 1; reserved 5 to 7; }

message New {
  int32 id = 1;
  optional int32 maybe = 2;
  string text = 3;
  bytes raw = 4 [json_name = "Raw"];
  repeated fixed32 tight = 5;
  repeated fixed32 loose = 6 [packed = false];
  repeated string texts = 7;
  Shade shade = 8;
  New self = 9;
  map<int32, New> kids = 10;
  oneof choice { string name = 11; Inner inner = 12; }
  message Inner { float snake_case_name = 1 [deprecated = true]; enum Deep { DEEP_UNSPECIFIED = 0; } }
  acme.ed.v1.Ed ed = 13;
}

service Things {
  rpc Get(New) returns (New) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch(stream New) returns (stream acme.ed.v1.Ed);
}
"""

EDITION_2023 = """
edition = "2023";
package acme.ed.v1;
option features.utf8_validation = NONE;

enum Open { OPEN_UNSPECIFIED = 0; }
enum Closed { option features.enum_type = CLOSED; FIRST = 3; }

message Ed {
  int32 explicit = 1;
  int32 implicit = 2 [features.field_presence = IMPLICIT];
  int32 required = 3 [features.field_presence = LEGACY_REQUIRED];
  repeated int32 packed = 4;
  repeated int32 expanded = 5 [features.repeated_field_encoding = EXPANDED];
  string unchecked = 6;
  string checked = 7 [features.utf8_validation = VERIFY];
  Ed delimited = 8 [features.message_encoding = DELIMITED];
  Closed closed = 9;
  Open open = 10;
  oneof choice { int32 chosen = 11; }
  map<string, Ed> kids = 12;
}

message Delimiting {
  option features.json_format = LEGACY_BEST_EFFORT;
  Ed ed = 1;
}
"""

EDITION_2024 = """
edition = "2024";
package acme.ed.v2;

message Newest {
  string name = 1;
  repeated int64 numbers = 2;
}
"""

EVERYTHING = {
    "acme/old/old.proto": PROTO2,
    "acme/new/v1/new.proto": PROTO3,
    "acme/ed/v1/ed.proto": EDITION_2023,
    "acme/ed/v2/newest.proto": EDITION_2024,
}
