# Reads and writes one secret of the vault over its REST API, with the token of whoever is logged in to azd. Dot-sourced by the hooks.

$VaultApiVersion = '7.4'
$HookAttempts = if ($env:LOCKSTEP_HOOK_ATTEMPTS) { [int]$env:LOCKSTEP_HOOK_ATTEMPTS } else { 30 }
$HookPauseSeconds = if ($env:LOCKSTEP_HOOK_PAUSE_SECONDS) { [int]$env:LOCKSTEP_HOOK_PAUSE_SECONDS } else { 10 }

function Assert-Output([string[]] $Names) {
  foreach ($name in $Names) {
    if (-not [Environment]::GetEnvironmentVariable($name)) {
      throw "$name is an output of the deployment: run this through azd."
    }
  }
}

function Get-VaultToken {
  $answer = azd auth token --scope https://vault.azure.net/.default --output json
  if ($LASTEXITCODE -ne 0 -or -not $answer) {
    throw "No token for the key vault: run 'azd auth login' first."
  }

  return (($answer -join '') | ConvertFrom-Json).token
}

# Roles and names of a new vault take minutes to be known everywhere: 401, 403 and no answer at all are asked again, for five minutes.
# Answers with Status and Body.
function Invoke-Vault([string] $Method, [string] $Body) {
  $url = "$($env:AZURE_KEY_VAULT_ENDPOINT.TrimEnd('/'))/secrets/$($env:LOCKSTEP_OPERATOR_KEY_SECRET)?api-version=$VaultApiVersion"
  for ($attempt = 1; ; $attempt++) {
    $request = @{
      Uri = $url
      Method = $Method
      Headers = @{ Authorization = "Bearer $(Get-VaultToken)" }
      SkipHttpErrorCheck = $true
      TimeoutSec = 30
    }
    if ($Body) {
      $request.Body = $Body
      $request.ContentType = 'application/json'
    }

    $status = 0
    $content = ''
    try {
      $answer = Invoke-WebRequest @request
      $status = [int]$answer.StatusCode
      $content = $answer.Content
    } catch [System.Net.Http.HttpRequestException] {
      Write-Host "No answer from the key vault yet."
    }

    if ($status -notin 0, 401, 403) {
      return [pscustomobject]@{ Status = $status; Body = $content }
    }

    if ($attempt -ge $HookAttempts) {
      throw "The key vault still answers $status. Has the deployer the role Key Vault Secrets Officer, and may this address reach the vault?"
    }

    Start-Sleep -Seconds $HookPauseSeconds
  }
}
