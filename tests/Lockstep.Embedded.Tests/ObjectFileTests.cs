using System.Text;
using Lockstep.Embedded.Tests.Support;
using Lockstep.Service.Objects;

namespace Lockstep.Embedded.Tests;

/// <summary>The files of objects: none is left over, and none is taken away that an object has.</summary>
public sealed class ObjectFileTests
{
    private static readonly ObjectPlace Place = new(TestService.Tenant, "data", "k");

    [Fact]
    public async Task Only_the_files_of_objects_are_left()
    {
        await using TestService service = await TestService.NewAsync();

        await PutAsync(service, "one");
        await PutAsync(service, "two");
        Assert.Single(FilesOf(service));
        await service.Host.Objects.DeleteAsync(Place, CancellationToken.None);

        Assert.Empty(FilesOf(service));
    }

    [Fact]
    public async Task What_a_process_left_behind_is_removed_by_the_next_one()
    {
        await using TestService service = await TestService.NewAsync();
        await PutAsync(service, "kept");
        string kept = Assert.Single(FilesOf(service));
        string half = Path.Combine(Path.GetDirectoryName(kept) ?? "", "half");
        await File.WriteAllTextAsync(half, "half an obj", TestContext.Current.CancellationToken);

        // As a process leaves it that is killed while it writes a file, and one that has not begun to.
        await service.Host.ExecuteAsync($"INSERT INTO object_litter(file) VALUES('{TestService.Tenant.Value}/data/half'), ('{TestService.Tenant.Value}/none/x')");
        await service.RestartAsync();

        Assert.Equal([kept], FilesOf(service));
        await using OpenObject? open = await service.Host.Objects.OpenAsync(Place, 0, CancellationToken.None);
        Assert.NotNull(open);
        using var reader = new StreamReader(open.Content, leaveOpen: true);
        Assert.Equal("kept", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static async Task PutAsync(TestService service, string text) =>
        await service.Host.Objects.PutAsync(Place, "text/plain", new MemoryStream(Encoding.UTF8.GetBytes(text)), CancellationToken.None);

    private static string[] FilesOf(TestService service) =>
        Directory.GetFiles(Path.Combine(service.Folder, "objects"), "*", SearchOption.AllDirectories);
}
