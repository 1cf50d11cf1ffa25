#!/bin/sh
# After the resources exist: draws the operator key when the vault has none. A key that is there is left alone, so that running this again
# changes nothing. The key is not shown: who needs it reads it from the vault.
set -eu

: "${AZURE_KEY_VAULT_ENDPOINT:?is an output of the deployment: run this through azd}"
: "${LOCKSTEP_OPERATOR_KEY_SECRET:?is an output of the deployment: run this through azd}"
# shellcheck source=infra/hooks/vault.sh
. "$(dirname "$0")/vault.sh"

vault_token
vault_request_patiently GET
case $status in
  200)
    echo "The operator key is there already."
    ;;
  404)
    # 32 random bytes as base64 in the alphabet of URLs.
    key=$(head -c 32 /dev/urandom | base64 | tr -d '\n=' | tr '+/' '-_')
    vault_request_patiently PUT "{\"value\":\"$key\",\"contentType\":\"lockstep operator key\"}"
    [ "$status" = 200 ] || fail "The key vault refused the operator key with status $status."
    echo "Drew an operator key; it is the secret '$LOCKSTEP_OPERATOR_KEY_SECRET' of the vault."
    ;;
  *)
    fail "The key vault answered $status when asked for the operator key."
    ;;
esac
