#!/usr/bin/env bash
# Installs @tensorflow/tfjs-node 4.22.0 (or @tensorflow/tfjs-node-gpu) into a project from package registries alone.
#
#   install-tfjs-node.sh PROJECT [--gpu]
#
# The package's own install script downloads libtensorflow and a prebuilt addon from a file host. Where that host can't
# be reached, this does the same work from npm and PyPI:
#   1. npm installs the package without running install scripts;
#   2. libtensorflow and its C headers come from a wheel of TensorFlow, whose SHA-256 is checked;
#   3. the addon is compiled from the package's own binding/ sources.
# PROJECT/package.json and its lock file stay as they are. A second run does nothing where the addon loads already.
#
# Needs Linux x86_64 with glibc 2.17 or newer, node and npm, python3 with pip, a C++17 compiler, and 1.5 GB of disk.
# Settings: CXX (compiler, g++), PYTHON (python3), KEEP_SYMBOLS=1 (don't strip the library).
set -euo pipefail

TFJS=4.22.0
# The oldest release whose libtensorflow_cc.so.2 exports the C API; tfjs-node 4.22 asks for 2.9.1 or newer.
TF=2.12.1
# Used only where node's own headers aren't installed beside node.
NODE_API_HEADERS=1.9.0

usage() { echo "usage: $0 PROJECT [--gpu]   (PROJECT: a folder with a package.json)" >&2; exit 2; }
[ $# -ge 1 ] && [ -f "$1/package.json" ] || usage
PROJECT=$(cd "$1" && pwd)
NAME=tfjs-node
WHEEL=tensorflow-cpu
SHA256=7ffb595707a8fb376deaddc768784c7a0242b16cbc6e06393b1733b2ce19f855
case "${2:-}" in
  '') ;;
  --gpu)
    NAME=tfjs-node-gpu
    WHEEL=tensorflow
    SHA256=857a1e331cc34f399236642dbf4ac8f3ca4f36e2df04e45516819db1b3c827c1
    ;;
  *) usage ;;
esac
[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || { echo "expected Linux on x86_64: only that is covered" >&2; exit 2; }
PYTHON=${PYTHON:-python3}
CXX=${CXX:-g++}
for tool in node npm "$PYTHON" "$CXX"; do
  command -v "$tool" > /dev/null || { echo "expected $tool on the PATH but it isn't there" >&2; exit 2; }
done
PACKAGE=$PROJECT/node_modules/@tensorflow/$NAME

# A convolution of ones has a sum that is known: 4 places × 2 maps × 27.
loads() {
  (cd "$PROJECT" && TF_CPP_MIN_LOG_LEVEL=2 node --no-deprecation -e "
    const util = require('util');
    util.isNullOrUndefined ??= (x) => x == null;
    const [name, wanted] = process.argv.slice(1), tf = require('@tensorflow/' + name);
    const sum = tf.conv2d(tf.ones([1, 4, 4, 3]), tf.ones([3, 3, 3, 2]), 1, 'valid').sum().dataSync()[0];
    const found = tf.version['tfjs-node'];
    if (found !== wanted || tf.getBackend() !== 'tensorflow' || sum !== 216)
      throw new Error([found, tf.getBackend(), sum].join(' '));
    console.log(name + ' ' + found + ', libtensorflow ' + tf.backend().binding.TF_Version);
  " "$NAME" "$TFJS")
}

if [ -d "$PACKAGE" ] && loads 2> /dev/null; then echo "already installed"; exit 0; fi

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# 1. the JavaScript part
if [ "$(node -p "require('$PACKAGE/package.json').version" 2> /dev/null || true)" != "$TFJS" ]; then
  (cd "$PROJECT" && npm install --no-save --ignore-scripts --no-audit --no-fund "@tensorflow/$NAME@$TFJS")
fi

# 2. libtensorflow and the C headers
DEPS=$PACKAGE/deps
if [ "$(cat "$DEPS/VERSION" 2> /dev/null || true)" != "$TF" ]; then
  echo "$WHEEL==$TF --hash=sha256:$SHA256" > "$WORK/wheel.txt"
  "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --python-version 3.11 --implementation cp --abi cp311 \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 -d "$WORK" -r "$WORK/wheel.txt"
  rm -rf "$DEPS"
  mkdir -p "$DEPS/lib"
  "$PYTHON" - "$WORK" "$DEPS" << 'PY'
import glob, os, shutil, sys, zipfile

work, deps = sys.argv[1:]
libraries = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")
headers = ("c/", "core/platform/ctstring", "tsl/c/", "tsl/platform/ctstring")
with zipfile.ZipFile(glob.glob(work + "/*.whl")[0]) as wheel:
    for name in wheel.namelist():
        if name in libraries:
            to = "lib/" + name.split("/")[-1]
        elif name.startswith(tuple("tensorflow/include/tensorflow/" + h for h in headers)) and name.endswith(".h"):
            to = name[len("tensorflow/"):]
        else:
            continue
        to = os.path.join(deps, to)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with wheel.open(name) as source, open(to, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
PY
  if [ -z "${KEEP_SYMBOLS:-}" ] && command -v strip > /dev/null; then strip --strip-unneeded "$DEPS"/lib/*.so.2; fi
  echo "$TF" > "$DEPS/VERSION"
fi

# 3. the addon
HEADERS=$(node -p "require('path').resolve(process.execPath, '../../include/node')")
if [ ! -f "$HEADERS/node_api.h" ]; then
  (cd "$WORK" && npm pack --silent "node-api-headers@$NODE_API_HEADERS" > /dev/null && tar xzf node-api-headers-*.tgz)
  HEADERS=$WORK/package/include
fi
# The loader picks the folder by the Node-API version that the running node offers.
NAPI=$(cd "$PACKAGE" && node -p "require('@mapbox/node-pre-gyp/lib/util/napi.js').get_best_napi_build_version(require('./package.json'))")
mkdir -p "$PACKAGE/lib/napi-v$NAPI"
"$CXX" -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION="$NAPI" -DBUILDING_NODE_EXTENSION \
  -I"$HEADERS" -I"$DEPS/include" "$PACKAGE"/binding/*.cc \
  -L"$DEPS/lib" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,'$ORIGIN/../../deps/lib' \
  -o "$WORK/tfjs_binding.node"
mv "$WORK/tfjs_binding.node" "$PACKAGE/lib/napi-v$NAPI/tfjs_binding.node"

loads
