#!/bin/sh
# Makes the namespace with 30 days of retention (longer than any overlap of a poll) and Hawser's search attributes, and waits until a
# query takes them. Every step may be repeated. The list is that of scripts/stack/temporal-namespace.mjs.
set -eu
: "${TEMPORAL_ADDRESS:?TEMPORAL_ADDRESS is not set: host and port of the Temporal frontend}"
: "${TEMPORAL_NAMESPACE:?TEMPORAL_NAMESPACE is not set: the namespace of Hawser}"
RETENTION_HOURS=720
REACH_WITHIN=${REACH_WITHIN:-10}
READY_WITHIN=${READY_WITHIN:-120}
namespace() { temporal operator namespace "$@" -n "$TEMPORAL_NAMESPACE"; }
say() { echo "namespace: $*"; }

began=$(date +%s)
until answer=$(temporal operator cluster health --command-timeout 3s 2>&1); do
  if [ $(($(date +%s) - began)) -ge "$REACH_WITHIN" ]; then
    say "Temporal cannot be reached at TEMPORAL_ADDRESS=$TEMPORAL_ADDRESS: $answer" >&2
    exit 1
  fi
  sleep 1
done

# Hours of retention in a description; nothing if it cannot be read.
hours() {
  seconds=$(sed -nE 's/.*"workflowExecutionRetentionTtl": *"([0-9]+)s".*/\1/p')
  [ -z "$seconds" ] || echo $((seconds / 3600))
}

if described=$(namespace describe -o json 2>&1); then
  present=$(printf '%s' "$described" | hours)
  if [ -z "$present" ]; then
    say "its retention cannot be read and is left as it is; Hawser needs ${RETENTION_HOURS} hours" >&2
  elif [ "$present" -lt "$RETENTION_HOURS" ]; then
    namespace update --retention "${RETENTION_HOURS}h"
    say "retention raised from ${present} to ${RETENTION_HOURS} hours"
  else
    say "is there, with ${present} hours of retention"
  fi
elif printf '%s' "$described" | grep -qi 'not found'; then
  namespace create --retention "${RETENTION_HOURS}h"
  say "$TEMPORAL_NAMESPACE is made, with ${RETENTION_HOURS} hours of retention"
else
  say "$described" >&2
  exit 1
fi

# Until what a command needs is known to every part of the server; the last refusal is told.
wait_for() {
  what=$1
  shift
  began=$(date +%s)
  until answer=$("$@" 2>&1); do
    if [ $(($(date +%s) - began)) -ge "$READY_WITHIN" ]; then
      say "$what is still not known after $READY_WITHIN s: $answer" >&2
      exit 1
    fi
    sleep 2
  done
}

wait_for "the namespace" temporal operator search-attribute list -n "$TEMPORAL_NAMESPACE"
present=$(temporal operator search-attribute list -n "$TEMPORAL_NAMESPACE")
query=
for attribute in \
  HawserWorkspace:Keyword HawserApp:Keyword HawserStatus:Keyword HawserReason:Keyword HawserRecipe:Keyword \
  HawserWaitingFor:Keyword HawserMissing:Keyword HawserJobState:Keyword HawserRecord:Keyword HawserSince:Datetime; do
  name=${attribute%%:*}
  case "$present" in
    *"$name"*) ;;
    *) temporal operator search-attribute create -n "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute##*:}" ;;
  esac
  query="${query}${query:+ AND }$name IS NULL"
done
wait_for "a search attribute" temporal workflow count -n "$TEMPORAL_NAMESPACE" --query "$query"
say "a query takes all search attributes"
