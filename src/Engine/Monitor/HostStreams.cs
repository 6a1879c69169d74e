using Microsoft.Win32.SafeHandles;

namespace Container.Engine.Monitor;

/// <summary>Files of the host as the standard streams of a process that nobody waits for.</summary>
internal sealed class HostStreams : IDisposable
{
    private const string Nowhere = "/dev/null";

    private readonly SafeFileHandle[] files;

    private HostStreams(SafeFileHandle[] files) => this.files = files;

    /// <summary>The numbers to send, standard input first.</summary>
    public int[] Numbers => [.. files.Select(file => (int)file.DangerousGetHandle())];

    /// <summary>Opens what the options name, or nothing where they name nothing.</summary>
    public static HostStreams? Open(ExecOptions options)
    {
        if (options.StandardOutputPath is null && options.StandardErrorPath is null) return null;
        List<SafeFileHandle> opened = [];
        try
        {
            opened.Add(File.OpenHandle(Nowhere, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            opened.Add(Create(options.StandardOutputPath));

            // One file for both keeps the order of what is written only if both share its position.
            opened.Add(options.StandardErrorPath == options.StandardOutputPath
                ? opened[1]
                : Create(options.StandardErrorPath));
            return new HostStreams([.. opened]);
        }
        catch
        {
            opened.ForEach(file => file.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in files) file.Dispose();
    }

    private static SafeFileHandle Create(string? path) => File.OpenHandle(
        path ?? Nowhere, path is null ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
}
