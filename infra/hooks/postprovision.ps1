# After the resources exist: draws the operator key when the vault has none. A key that is there is left alone, so that running this again
# changes nothing. The key is not shown: who needs it reads it from the vault.
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/vault.ps1"

Assert-Output 'AZURE_KEY_VAULT_ENDPOINT', 'LOCKSTEP_OPERATOR_KEY_SECRET'

$found = Invoke-Vault -Method GET
switch ($found.Status) {
  200 {
    Write-Host 'The operator key is there already.'
  }
  404 {
    # 32 random bytes as base64 in the alphabet of URLs.
    $bytes = [System.Security.Cryptography.RandomNumberGenerator]::GetBytes(32)
    $key = [Convert]::ToBase64String($bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
    $stored = Invoke-Vault -Method PUT -Body (@{ value = $key; contentType = 'lockstep operator key' } | ConvertTo-Json -Compress)
    if ($stored.Status -ne 200) {
      throw "The key vault refused the operator key with status $($stored.Status)."
    }

    Write-Host "Drew an operator key; it is the secret '$($env:LOCKSTEP_OPERATOR_KEY_SECRET)' of the vault."
  }
  default {
    throw "The key vault answered $($found.Status) when asked for the operator key."
  }
}
