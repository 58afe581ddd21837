#!/bin/sh
# Makes the namespace with 30 days of retention (longer than any overlap of a poll) and Hawser's search attributes.
# The list is that of scripts/stack/temporal-namespace.mjs.
set -eu
until temporal operator cluster health >/dev/null 2>&1; do sleep 2; done

if temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update -n "$TEMPORAL_NAMESPACE" --retention 30d
else
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention 30d
  sleep 10 # a cluster learns of a new namespace within its cache's refresh time
fi

present=$(temporal operator search-attribute list -n "$TEMPORAL_NAMESPACE")
for attribute in \
  HawserWorkspace:Keyword HawserApp:Keyword HawserStatus:Keyword HawserReason:Keyword HawserRecipe:Keyword \
  HawserWaitingFor:Keyword HawserMissing:Keyword HawserJobState:Keyword HawserRecord:Keyword HawserSince:Datetime; do
  name=${attribute%%:*}
  case "$present" in
    *"$name"*) ;;
    *) temporal operator search-attribute create -n "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute##*:}" ;;
  esac
done
