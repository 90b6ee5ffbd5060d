"""From texts to descriptors: a folder with exactly what protoc may read, protoc, its mistakes as ours."""
