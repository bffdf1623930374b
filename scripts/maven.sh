# SPDX-License-Identifier: Apache-2.0
# Sourced by ./build, ./brigade and ./bench after find_jdk: runs Maven in the checkout, whatever the current folder is.

run_maven() {
  if ! command -v mvn >/dev/null 2>&1; then
    echo 'Brigade is built with Apache Maven (3.8 or newer), and mvn is not on PATH. Install it, for example with "apt-get install maven" or "brew install maven".' >&2
    return 127
  fi
  # The first two silence warnings about Maven's own libraries; the others start it faster.
  local options="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
  (cd "$root" && MAVEN_OPTS="$options${MAVEN_OPTS:+ $MAVEN_OPTS}" mvn --batch-mode --no-transfer-progress "$@")
}
