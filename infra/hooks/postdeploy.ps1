# After the app is deployed: creates the first tenant and prints its API key, which nothing can show again. The azd environment remembers
# the tenant, so that the next deployment does not create another.
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/vault.ps1"

Assert-Output 'AZURE_KEY_VAULT_ENDPOINT', 'LOCKSTEP_OPERATOR_KEY_SECRET', 'LOCKSTEP_URL'

if ($env:LOCKSTEP_FIRST_TENANT) {
  Write-Host "The first tenant is $($env:LOCKSTEP_FIRST_TENANT); it was created by an earlier deployment. API: $($env:LOCKSTEP_URL)"
  exit 0
}

# The first start fetches the package and warms up.
for ($attempt = 1; ; $attempt++) {
  $status = 0
  try {
    $status = [int](Invoke-WebRequest -Uri "$($env:LOCKSTEP_URL)/readyz" -SkipHttpErrorCheck -TimeoutSec 30).StatusCode
  } catch [System.Net.Http.HttpRequestException] {
    Write-Host 'No answer from the app yet.'
  }

  if ($status -eq 200) {
    break
  }

  if ($attempt -ge $HookAttempts) {
    throw "$($env:LOCKSTEP_URL)/readyz does not answer 200. See the log of the app; then run 'azd hooks run postdeploy'."
  }

  Start-Sleep -Seconds $HookPauseSeconds
}

$found = Invoke-Vault -Method GET
if ($found.Status -ne 200) {
  throw "The key vault answered $($found.Status) when asked for the operator key. Run 'azd hooks run postprovision' first."
}

$operatorKey = ($found.Body | ConvertFrom-Json).value
if (-not $operatorKey) {
  throw 'The operator key of the vault is empty.'
}

# Sent once and not repeated: a request whose answer is lost may have created the tenant.
$created = Invoke-WebRequest -Uri "$($env:LOCKSTEP_URL)/v1/operator/tenants" -Method POST -SkipHttpErrorCheck -TimeoutSec 120 `
  -Headers @{ Authorization = "Bearer $operatorKey" } -ContentType 'application/json' -Body '{"name":"first"}'
if ([int]$created.StatusCode -ne 201) {
  throw "The first tenant was not created: status $([int]$created.StatusCode), $($created.Content)"
}

$tenant = $created.Content | ConvertFrom-Json
if (-not $tenant.tenant -or -not $tenant.apiKey) {
  throw 'The answer to the creation of the first tenant names no tenant or no key.'
}

Write-Host "API:     $($env:LOCKSTEP_URL)"
Write-Host "Tenant:  $($tenant.tenant)"
Write-Host "API key: $($tenant.apiKey)"
Write-Host 'Keep the key now: it is not stored anywhere and not shown again.'
azd env set LOCKSTEP_FIRST_TENANT $tenant.tenant
if ($LASTEXITCODE -ne 0) {
  throw 'The azd environment could not be told of the first tenant.'
}
