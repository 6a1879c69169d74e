using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    private const uint SetId = 0xC00;
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // These ask a set-group-ID program to take the message.
    private static readonly string[] s_mailers = ["sendmail", "mail", "mailx"];

    /// <summary>
    /// What may be the reason that a command has failed where its program has a set-user-ID or set-group-ID bit, which
    /// no-new-privileges makes void; else null.
    /// </summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="command">The command; null is the container's own.</param>
    public string? AdviseOnFailure(string nameOrId, IReadOnlyList<string>? command = null)
    {
        try
        {
            ContainerDocument document = Document(nameOrId);
            OciProcess? process = ReadSpec(document.Id).Process;
            command ??= process?.Args;
            if (process?.NoNewPrivileges != true || command is not { Count: > 0 }) return null;
            using ContainerRoot root = OpenRoot(document, write: false, out Store.LockFile? held, CancellationToken.None);
            using (held)
            {
                string? program = Programs(command[0], process.Env).FirstOrDefault(path => HasSetId(root.Root, path));
                return program is null ? null
                    : $"{program} is a set-user-ID or set-group-ID program, which has no effect here: "
                        + "-NoNewPrivileges:$false gives it one. See about_Container_Programs.";
            }
        }
        catch (Exception failure) when (failure is EngineException or SystemCallException or IOException)
        {
            // The container, or its files, have gone.
            return null;
        }
    }

    private static IEnumerable<string> Programs(string name, IReadOnlyList<string>? environment)
    {
        if (name.Contains('/', StringComparison.Ordinal)) return [name];
        const string Variable = "PATH=";
        string path = environment?.LastOrDefault(entry => entry.StartsWith(Variable, StringComparison.Ordinal)) is { } set
            ? set[Variable.Length..]
            : UsualPath;
        IEnumerable<string> found = path.Split(':').Where(directory => directory is ['/', ..])
            .Select(directory => $"{directory}/{name}");
        return s_mailers.Contains(name) ? found.Append("/usr/sbin/postdrop") : found;
    }

    private static bool HasSetId(RootDirectory root, string path)
    {
        try
        {
            return root.GetTargetMetadata(path) is { Kind: FileKind.File } file && (file.Mode & SetId) != 0;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }
}
