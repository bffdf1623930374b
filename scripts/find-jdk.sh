# SPDX-License-Identifier: Apache-2.0
# Sourced by ./build, ./brigade and ./bench: find_jdk sets and exports JAVA_HOME to a JDK of at least 25, or exits with 127.
# Order: BRIGADE_JAVA_HOME, JAVA_HOME, the highest in the usual folders, the java on PATH. Starts no process unless all of
# the folders fail, because ./brigade runs it at every start.

BRIGADE_JDK_MIN=25

# Sets jdk_number (comparable as an integer, 0 when DIR holds no JDK) and jdk_build (what tells one build from another).
read_jdk() {
  jdk_number=0 jdk_build=
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  local line version= runtime= vendor= major minor patch
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    case $line in
      JAVA_VERSION=*) version=${line#*=} ;;
      JAVA_RUNTIME_VERSION=*) runtime=${line#*=} ;;
      IMPLEMENTOR=*) vendor=${line#*=} ;;
    esac
  done <"$1/release"
  version=${version//\"/}
  IFS=. read -r major minor patch _ <<<"${version%%[-+_]*}..."
  case $major$minor$patch in '' | *[!0-9]*) return 0 ;; esac
  jdk_number=$((10#$major * 1000000 + 10#${minor:-0} * 1000 + 10#${patch:-0}))
  jdk_build=${vendor}-${runtime:-$version}
  jdk_build=${jdk_build//[!A-Za-z0-9.+-]/}
}

find_jdk() {
  local dir best= best_number=0 best_build=
  if [ -n "${BRIGADE_JAVA_HOME:-}" ]; then
    read_jdk "$BRIGADE_JAVA_HOME"
    if [ "$jdk_number" -lt $((BRIGADE_JDK_MIN * 1000000)) ]; then
      echo "BRIGADE_JAVA_HOME is not a JDK of version $BRIGADE_JDK_MIN or newer: $BRIGADE_JAVA_HOME" >&2
      exit 127
    fi
    export JAVA_HOME=$BRIGADE_JAVA_HOME
    return 0
  fi
  if [ -n "${JAVA_HOME:-}" ]; then
    read_jdk "$JAVA_HOME"
    [ "$jdk_number" -lt $((BRIGADE_JDK_MIN * 1000000)) ] || { export JAVA_HOME; return 0; }
  fi
  for dir in /usr/lib/jvm/* /opt/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/*; do
    read_jdk "$dir"
    if [ "$jdk_number" -gt "$best_number" ]; then
      best=$dir best_number=$jdk_number best_build=$jdk_build
    fi
  done
  if [ "$best_number" -lt $((BRIGADE_JDK_MIN * 1000000)) ] && command -v java >/dev/null 2>&1; then
    dir=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    read_jdk "$dir"
    best=$dir best_number=$jdk_number best_build=$jdk_build
  fi
  if [ "$best_number" -lt $((BRIGADE_JDK_MIN * 1000000)) ]; then
    cat >&2 <<MESSAGE
Brigade needs a JDK of version $BRIGADE_JDK_MIN or newer, and found none.
Install one, for example with "apt-get install openjdk-$BRIGADE_JDK_MIN-jdk-headless", "brew install openjdk@$BRIGADE_JDK_MIN",
"sdk install java" or from https://adoptium.net, or name an existing one in BRIGADE_JAVA_HOME.
MESSAGE
    exit 127
  fi
  export JAVA_HOME=$best
  jdk_build=$best_build
}
