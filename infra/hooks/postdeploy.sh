#!/bin/sh
# After the app is deployed: creates the first tenant and prints its API key, which nothing can show again. The azd environment remembers
# the tenant, so that the next deployment does not create another.
set -eu

: "${AZURE_KEY_VAULT_ENDPOINT:?is an output of the deployment: run this through azd}"
: "${LOCKSTEP_OPERATOR_KEY_SECRET:?is an output of the deployment: run this through azd}"
: "${LOCKSTEP_URL:?is an output of the deployment: run this through azd}"
# shellcheck source=infra/hooks/vault.sh
. "$(dirname "$0")/vault.sh"

if [ -n "${LOCKSTEP_FIRST_TENANT:-}" ]; then
  echo "The first tenant is $LOCKSTEP_FIRST_TENANT; it was created by an earlier deployment. API: $LOCKSTEP_URL"
  exit 0
fi

# The first start fetches the package and warms up.
attempt=1
until [ "$(curl --silent --output /dev/null --max-time 30 --write-out '%{http_code}' "$LOCKSTEP_URL/readyz")" = 200 ]; do
  [ "$attempt" -lt "${LOCKSTEP_HOOK_ATTEMPTS:-30}" ] ||
    fail "$LOCKSTEP_URL/readyz does not answer 200. See the log of the app; then run 'azd hooks run postdeploy'."
  attempt=$((attempt + 1))
  sleep "${LOCKSTEP_HOOK_PAUSE_SECONDS:-10}"
done

vault_token
vault_request_patiently GET
[ "$status" = 200 ] || fail "The key vault answered $status when asked for the operator key. Run 'azd hooks run postprovision' first."
operator_key=$(printf '%s' "$body" | json_string value)
[ -n "$operator_key" ] || fail "The operator key of the vault is empty."

# Sent once and not repeated: a request whose answer is lost may have created the tenant.
answer=$({
  printf 'url = "%s/v1/operator/tenants"\nrequest = "POST"\n' "$LOCKSTEP_URL"
  printf 'header = "Authorization: Bearer %s"\n' "$operator_key"
  printf 'header = "Content-Type: application/json"\n'
  printf 'data = "{\\"name\\":\\"first\\"}"\n'
} | curl --silent --show-error --max-time 120 --write-out '\n%{http_code}' --config -) ||
  fail "No answer to the creation of the first tenant; it may exist. 'azd hooks run postdeploy' creates another."
status=$(printf '%s' "$answer" | tail -n 1)
body=$(printf '%s' "$answer" | sed '$d')
[ "$status" = 201 ] || fail "The first tenant was not created: status $status, $body"

tenant=$(printf '%s' "$body" | json_string tenant)
api_key=$(printf '%s' "$body" | json_string apiKey)
if [ -z "$tenant" ] || [ -z "$api_key" ]; then
  fail "The answer to the creation of the first tenant names no tenant or no key."
fi

echo "API:     $LOCKSTEP_URL"
echo "Tenant:  $tenant"
echo "API key: $api_key"
echo "Keep the key now: it is not stored anywhere and not shown again."
azd env set LOCKSTEP_FIRST_TENANT "$tenant"
