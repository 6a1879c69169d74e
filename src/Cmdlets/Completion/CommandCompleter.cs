using System.Management.Automation;
using Container.Engine;
using Container.Native.Mounts;
using Container.Native.Syscalls;

namespace Container.Cmdlets.Completion;

/// <summary>Completes programs of the container that the command line names, while it runs.</summary>
public sealed class CommandCompleter : CompleterBase
{
    private static readonly string[] s_directories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request)
    {
        object? wanted = request.Bound["Name"] ?? request.Bound["Id"] ?? request.Bound["Container"];
        if (wanted is null) yield break;
        string name = LanguagePrimitives.ConvertTo<string[]>(wanted)[0];
        if (engine.Containers.TryResolve(name) is not { Pid: { } pid } container) yield break;

        HashSet<string> seen = new(StringComparer.Ordinal);
        using RootDirectory root = engine.Containers.OpenRoot(pid);
        foreach (string directory in s_directories)
        {
            foreach (string program in Programs(root, directory).Where(seen.Add))
            {
                yield return new Candidate(program, $"{directory}/{program} in {container.Name}");
            }
        }
    }

    private static IEnumerable<string> Programs(RootDirectory root, string directory)
    {
        try
        {
            return root.Enumerate(directory).Select(entry => entry.Name);
        }
        catch (SystemCallException)
        {
            return [];
        }
    }
}
