namespace Lockstep.Architecture.Tests;

/// <summary>The arrows between projects point inward only, and a new project has to take its place among them here first.</summary>
public sealed class LayerTests
{
    /// <summary>What each project may reference directly; docs/architecture.md draws it.</summary>
    private static readonly Dictionary<string, string[]> AllowedReferences = new(StringComparer.Ordinal)
    {
        ["Lockstep.Json"] = [],
        ["Lockstep.Jsonata"] = ["Lockstep.Json"],
        ["Lockstep.Asl"] = ["Lockstep.Jsonata", "Lockstep.Json"],
        ["Lockstep.Engine"] = ["Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Service"] = ["Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Targets"] = ["Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Embedded"] = ["Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Azure"] = ["Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Azure.Storage"] = ["Lockstep.Azure", "Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Api"] = ["Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
        ["Lockstep.Functions"] =
        [
            "Lockstep.Api", "Lockstep.Azure", "Lockstep.Azure.Storage", "Lockstep.Targets", "Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl",
            "Lockstep.Json",
        ],
        ["Lockstep.Cli"] =
            ["Lockstep.Api", "Lockstep.Embedded", "Lockstep.Targets", "Lockstep.Service", "Lockstep.Engine", "Lockstep.Asl", "Lockstep.Json"],
    };

    /// <summary>The packages that a layer may use beside the framework; the inner ones use none.</summary>
    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Lockstep.Embedded"] = ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3"],
        ["Lockstep.Api"] = ["Microsoft.AspNetCore.OpenApi"],
        ["Lockstep.Azure.Storage"] = ["Azure.Data.Tables", "Azure.Identity", "Azure.Storage.Blobs"],
        ["Lockstep.Functions"] =
        [
            "Azure.Identity", "Azure.Messaging.ServiceBus", "Azure.Monitor.OpenTelemetry.Exporter", "Azure.Security.KeyVault.Secrets",
            "Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
            "Microsoft.Azure.Functions.Worker.Extensions.DurableTask.AzureManaged", "Microsoft.Azure.Functions.Worker.Extensions.Http",
            "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore", "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus",
            "Microsoft.Azure.Functions.Worker.Extensions.Timer", "Microsoft.Azure.Functions.Worker.OpenTelemetry", "Microsoft.Azure.Functions.Worker.Sdk",
            "OpenTelemetry.Exporter.OpenTelemetryProtocol",
        ],
        ["Lockstep.Cli"] = ["OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Spectre.Console", "System.CommandLine"],
    };

    private static IEnumerable<ProjectFile> ProductProjects =>
        ProjectFile.All.Where(project => project.RelativePath.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void Every_product_project_has_its_place() =>
        Assert.Equal(AllowedReferences.Keys.Order(StringComparer.Ordinal), ProductProjects.Select(project => project.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Project_references_point_inward_only()
    {
        foreach (ProjectFile project in ProductProjects)
        {
            Findings.None(project.ProjectReferences.Except(AllowedReferences[project.Name]).Select(reference => $"{project.Name} -> {reference}"));
        }
    }

    [Fact]
    public void Compiled_references_point_inward_only()
    {
        // What not every registry can restore is not built beside these tests; its project file is checked all the same.
        foreach (ProjectFile project in ProductProjects.Where(project => !SolutionTests.OutsideTheFilter.Contains(project.RelativePath)))
        {
            IEnumerable<string> references = AssemblyMetadata.OfProject(project.Name).AssemblyReferences
                .Where(name => name.StartsWith("Lockstep.", StringComparison.Ordinal));
            Findings.None(references.Except(AllowedReferences[project.Name]).Select(reference => $"{project.Name} -> {reference}"));
        }
    }

    [Fact]
    public void Packages_are_used_where_the_layer_allows_them()
    {
        foreach (ProjectFile project in ProductProjects)
        {
            string[] allowed = AllowedPackages.GetValueOrDefault(project.Name, []);
            Findings.None(project.PackageReferences.Except(allowed).Select(package => $"{project.Name} uses {package}"));
        }
    }

    [Fact]
    public void No_product_project_depends_on_a_test_or_benchmark()
    {
        string[] product = [.. ProductProjects.Select(project => project.Name)];
        Findings.None(ProductProjects.SelectMany(project => project.ProjectReferences).Except(product));
    }
}
