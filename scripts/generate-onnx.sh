#!/bin/sh
# Generates src/graph/onnx_pb.ts from src/graph/proto/onnx.proto with protoc-gen-es.
# Needs protoc on the PATH, or Python with grpcio-tools (pip install grpcio-tools); PYTHON names another interpreter.
set -eu
cd "$(dirname "$0")/.."
if command -v protoc >/dev/null 2>&1; then
  protoc=protoc
else
  protoc="${PYTHON:-python3} -m grpc_tools.protoc"
fi
$protoc -I src/graph/proto \
  --plugin=protoc-gen-es=node_modules/.bin/protoc-gen-es \
  --es_out=src/graph --es_opt=target=ts,import_extension=js \
  onnx.proto
