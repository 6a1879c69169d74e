using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace Container.Engine.Tests.Architecture;

/// <summary>The arrows between the assemblies point one way, and nothing reaches for what it must not know.</summary>
public sealed class DependencyTests
{
    [Theory]
    [InlineData("Native", "Container.Native.dll", new[] { "Tmds.LibC" })]
    [InlineData("Runtime", "psrun.dll", new[] { "Container.Native", "Tmds.LibC" })]
    [InlineData("Engine", "Container.Engine.dll", new[] { "Container.Native" })]
    [InlineData("Cmdlets", "Container.Cmdlets.dll", new[] { "Container.Engine", "Container.Native", "System.Management.Automation" })]
    public void References_are_only_those_of_the_design(string project, string assembly, string[] allowed)
    {
        IEnumerable<string> foreign = References(project, assembly)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("System.Management", StringComparison.Ordinal))
            .Where(name => name is not ("System" or "netstandard" or "mscorlib" or "Microsoft.Win32.Primitives"));

        Assert.Empty(foreign.Except(allowed));
    }

    [Theory]
    [InlineData("Native", "Container.Native.dll")]
    [InlineData("Runtime", "psrun.dll")]
    public void Code_that_clones_knows_no_console_thread_task_or_process(string project, string assembly)
    {
        string[] unwanted =
        [
            "System.Console", "System.Threading.ThreadPool", "System.Threading.Thread", "System.Diagnostics.Process",
            "System.Net.Sockets", "System.Threading.Tasks.Parallel", "System.IO.FileSystem.Watcher",
            "System.Diagnostics.Tracing", "System.Linq.Parallel", "Microsoft.Extensions.Logging.Abstractions",
        ];

        Assert.Empty(References(project, assembly).Intersect(unwanted));
    }

    [Theory]
    [InlineData("Engine", "Container.Engine.dll")]
    [InlineData("Cmdlets", "Container.Cmdlets.dll")]
    [InlineData("Runtime", "psrun.dll")]
    public void Only_native_declares_system_calls(string project, string assembly)
    {
        using PEReader file = Open(project, assembly);
        MetadataReader metadata = file.GetMetadataReader();

        IEnumerable<string> imports = metadata.MethodDefinitions
            .Select(metadata.GetMethodDefinition)
            .Where(method => (method.Attributes & System.Reflection.MethodAttributes.PinvokeImpl) != 0)
            .Select(method => metadata.GetString(method.Name));

        Assert.Empty(imports);
    }

    private static List<string> References(string project, string assembly)
    {
        using PEReader file = Open(project, assembly);
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(
            handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static PEReader Open(string project, string assembly)
    {
        string output = Path.Combine(Repository.Root, "artifacts", "bin", project);
        string? path = Directory.Exists(output)
            ? Directory.EnumerateFiles(output, assembly, SearchOption.AllDirectories)
                .Where(name => !name.Contains("/ref/", StringComparison.Ordinal))
                .MaxBy(File.GetLastWriteTimeUtc)
            : null;
        Assert.True(path is not null, $"{assembly} is not built: run ./build.sh build");
        return new PEReader(File.OpenRead(path));
    }
}
