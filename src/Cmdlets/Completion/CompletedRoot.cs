using System.Management.Automation;
using Container.Engine;
using Container.Engine.Images;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Cmdlets.Completion;

/// <summary>
/// The file system that a command line is about: that of the container it names, while it runs, or of the image that a
/// new one is made of.
/// </summary>
internal sealed class CompletedRoot : IDisposable
{
    private const string Variable = "PATH=";
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly RootDirectory _root;
    private readonly string _searched;

    private CompletedRoot(RootDirectory root, string origin, ImageRecord? image)
    {
        _root = root;
        Origin = origin;
        _searched = image?.Config.Environment?.FirstOrDefault(
            variable => variable.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..] ?? UsualPath;
    }

    /// <summary>The name of the container or image.</summary>
    public string Origin { get; }

    /// <summary>Where it looks for programs.</summary>
    public IEnumerable<string> ProgramDirectories => _searched.Split(':').Where(directory => directory is ['/', ..]);

    /// <summary>Opens it; null where the command line names none.</summary>
    public static CompletedRoot? TryOpen(ContainerEngine engine, CompletionRequest request)
    {
        if (request.Bound["Image"] is { } image)
        {
            return engine.Images.TryResolve(Text(image)) is { } found
                ? new CompletedRoot(engine.Containers.OpenRoot(found), found.ToString(), found)
                : null;
        }

        object? wanted = request.Bound["Name"] ?? request.Bound["Id"] ?? request.Bound["Container"];
        if (wanted is null || engine.Containers.TryResolve(Text(wanted)) is not { Pid: { } pid } container) return null;
        ImageRecord? origin = container.ImageId is null ? null : engine.Images.TryResolve(container.ImageId);
        return new CompletedRoot(engine.Containers.OpenRoot(pid), container.Name, origin);
    }

    /// <summary>The names in a directory; none where there is no such.</summary>
    public IEnumerable<RootEntry> Entries(string directory)
    {
        try
        {
            return _root.Enumerate(directory);
        }
        catch (SystemCallException)
        {
            return [];
        }
    }

    /// <summary>The lines of a small file; none where there is no such.</summary>
    public IEnumerable<string> Lines(string path)
    {
        const int longest = 1 << 20;
        try
        {
            return System.Text.Encoding.UTF8.GetString(_root.ReadFile(path, longest)).Split('\n');
        }
        catch (SystemCallException)
        {
            return [];
        }
    }

    public void Dispose() => _root.Dispose();

    private static string Text(object value) => LanguagePrimitives.ConvertTo<string[]>(value)[0];
}
