# Reads and writes one secret of the vault over its REST API, with the token of whoever is logged in to azd. Sourced by the hooks.
# Tokens and keys go through standard input and variables, never through arguments: arguments are visible to every user of the machine.

VAULT_API_VERSION=7.4

fail() {
  echo "$1" >&2
  exit 1
}

# The value of a string property of a small JSON document on standard input; empty when it is not there.
json_string() {
  tr -d '\n' | sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\([^\"]*\)\".*/\1/p"
}

vault_token() {
  token=$(azd auth token --scope https://vault.azure.net/.default --output json | json_string token)
  [ -n "$token" ] || fail "No token for the key vault: run 'azd auth login' first."
}

# Sends one request; the status goes to $status, the body to $body. Arguments: method, then the body or nothing.
vault_request() {
  url="${AZURE_KEY_VAULT_ENDPOINT%/}/secrets/$LOCKSTEP_OPERATOR_KEY_SECRET?api-version=$VAULT_API_VERSION"
  answer=$({
    printf 'url = "%s"\nrequest = "%s"\n' "$url" "$1"
    printf 'header = "Authorization: Bearer %s"\n' "$token"
    if [ $# -gt 1 ]; then
      printf 'header = "Content-Type: application/json"\n'
      printf 'data = "%s"\n' "$(printf '%s' "$2" | sed 's/"/\\"/g')"
    fi
  } | curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' --config -) || answer='
000'
  status=$(printf '%s' "$answer" | tail -n 1)
  body=$(printf '%s' "$answer" | sed '$d')
}

# Roles and names of a new vault take minutes to be known everywhere: 401, 403 and no answer at all are asked again, for five minutes.
vault_request_patiently() {
  attempt=1
  vault_request "$@"
  while [ "$status" = 401 ] || [ "$status" = 403 ] || [ "$status" = 000 ]; do
    [ "$attempt" -lt "${LOCKSTEP_HOOK_ATTEMPTS:-30}" ] ||
      fail "The key vault still answers $status. Has the deployer the role Key Vault Secrets Officer, and may this address reach the vault?"
    attempt=$((attempt + 1))
    sleep "${LOCKSTEP_HOOK_PAUSE_SECONDS:-10}"
    vault_token
    vault_request "$@"
  done
}
