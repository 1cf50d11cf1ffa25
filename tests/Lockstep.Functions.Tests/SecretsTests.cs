using Azure;
using Azure.Security.KeyVault.Secrets;
using Lockstep.Functions.Secrets;
using Lockstep.Service.Errors;

namespace Lockstep.Functions.Tests;

/// <summary>The port of secrets over the vault, and over the folder that stands in for it beside emulators.</summary>
public sealed class SecretsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lockstep-secrets");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_gives_back_what_was_put_there_and_shows_it_to_its_owner_only()
    {
        var secrets = new FolderSecrets(Path.Combine(_folder.FullName, "new"));
        Assert.Null(await secrets.FindAsync("signing-a-1", Cancellation));

        await secrets.PutAsync("signing-a-1", "value", Cancellation);

        Assert.Equal("value", await secrets.FindAsync("signing-a-1", Cancellation));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "new", "signing-a-1")));
        }
    }

    [Fact]
    public async Task No_name_leads_out_of_the_folder() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await new FolderSecrets(_folder.FullName).FindAsync("../other", Cancellation));

    [Fact]
    public async Task The_vault_gives_back_what_was_put_there()
    {
        var secrets = new VaultSecrets(new FakeVault());
        Assert.Null(await secrets.FindAsync("operator-key", Cancellation));

        await secrets.PutAsync("operator-key", "value", Cancellation);

        Assert.Equal("value", await secrets.FindAsync("operator-key", Cancellation));
    }

    [Fact]
    public async Task A_vault_that_is_away_is_an_outage_and_tells_no_value()
    {
        var secrets = new VaultSecrets(new FakeVault { Failure = new RequestFailedException(503, "value") });
        var read = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await secrets.FindAsync("operator-key", Cancellation));
        var written = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await secrets.PutAsync("operator-key", "value", Cancellation));
        Assert.DoesNotContain("value", read.Message + written.Message, StringComparison.Ordinal);
    }

    private sealed class FakeVault : SecretClient
    {
        private readonly Dictionary<string, string> _secrets = [];

        public Exception? Failure { get; init; }

        public override Task<Response<KeyVaultSecret>> GetSecretAsync(
            string name, string? version = null, SecretContentType? outContentType = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(Answer(name, _secrets.GetValueOrDefault(name)));

        public override Task<Response<KeyVaultSecret>> GetSecretAsync(string name, string? version, CancellationToken cancellationToken = default) =>
            Task.FromResult(Answer(name, _secrets.GetValueOrDefault(name)));

        public override Task<Response<KeyVaultSecret>> SetSecretAsync(string name, string value, CancellationToken cancellationToken = default)
        {
            _secrets[name] = value;
            return Task.FromResult(Answer(name, value));
        }

        // The answer has no response behind it: the code under test reads the value and nothing else.
        private Response<KeyVaultSecret> Answer(string name, string? value)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            return value is null
                ? throw new RequestFailedException(404, "SecretNotFound")
                : Response.FromValue(SecretModelFactory.KeyVaultSecret(new SecretProperties(name), value), new NoResponse());
        }
    }

    private sealed class NoResponse : Response
    {
        public override int Status => 200;

        public override string ReasonPhrase => "OK";

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<global::Azure.Core.HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, out string value)
        {
            value = "";
            return false;
        }

        protected override bool TryGetHeaderValues(string name, out IEnumerable<string> values)
        {
            values = [];
            return false;
        }
    }
}
