using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Native.Json;
using Container.Native.Oci;
using Container.Native.Oci.Documents;
using Container.Native.Syscalls;

namespace Container.Engine.Specs;

/// <summary>OCI configurations (config.json) to look at, to start from, and to check.</summary>
public sealed class SpecService
{
    /// <summary>What the file of a bundle is called.</summary>
    public const string FileName = "config.json";

    private readonly ContainerService containers;

    internal SpecService(ContainerService containers) => this.containers = containers;

    /// <summary>One to start from: a shell in a root directory beside it.</summary>
    /// <param name="rootless">Whether for the user this process runs as, who is not root.</param>
    public static OciSpec Default(bool rootless = false) =>
        rootless ? DefaultSpec.CreateRootless() : DefaultSpec.Create();

    /// <summary>That of a container, without the values of its secrets.</summary>
    public OciSpec Get(string nameOrId) => containers.ReadSpec(nameOrId);

    /// <summary>
    /// That of a container of this configuration. What only a container has is not in it: ids of its own, files such as
    /// /etc/hosts, volumes without a name, secrets, a control group.
    /// </summary>
    public OciSpec Describe(ContainerConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return containers.DescribeSpec(configuration);
    }

    /// <summary>Writes one to a file: whole, or not at all.</summary>
    public static void Write(OciSpec spec, string path) =>
        ArchiveFile.Write(path, ArchiveCoding.None, file => file.Write([.. OciDocument.Write(spec, true), (byte)'\n']));

    /// <summary>What is wrong with a file, or null.</summary>
    public static SpecProblem? Check(string path)
    {
        try
        {
            return Check(() => OciDocument.ReadSpec(OciDocument.ReadFile(path)));
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return new SpecProblem(null, $"There is no file '{path}'.");
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, path);
        }
    }

    /// <summary>What is wrong with a configuration that was changed after it was read, or null.</summary>
    public static SpecProblem? Check(OciSpec spec) => Check(() => OciDocument.ReadSpec(OciDocument.Write(spec)));

    private static SpecProblem? Check(Func<OciSpec> read)
    {
        try
        {
            read();
            return null;
        }
        catch (DocumentException failure)
        {
            return new SpecProblem(failure.Path, failure.Message);
        }
    }
}
