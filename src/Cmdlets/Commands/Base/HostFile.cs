using System.Management.Automation;
using Container.Cmdlets.Errors;
using Container.Engine.Errors;

namespace Container.Cmdlets.Commands;

/// <summary>Single files of the host that the user names as they are, without wildcards.</summary>
internal static class HostFile
{
    // The current location may be on a drive of another provider.
    private const string FileSystem = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>
    /// Writes what is at an absolute path to the pipeline as Get-Item does: with its PSPath, by which it pipes on, and with
    /// what the view of files shows.
    /// </summary>
    public static void Write(ContainerCmdlet cmdlet, string path) => cmdlet.WriteObject(
        cmdlet.InvokeProvider.Item.Get([FileSystem + path], force: true, literalPath: true), enumerateCollection: true);

    /// <summary>The absolute path of a file to write; null, and an error, where it is there and must stay.</summary>
    public static string? Output(ContainerCmdlet cmdlet, string path, bool replace, bool directory = false)
    {
        if (Resolve(cmdlet, path) is not { } full) return null;
        if ((directory ? File.Exists(full) : Directory.Exists(full)) || (!replace && Path.Exists(full)))
        {
            cmdlet.WriteError(ErrorId.PathExists, Messages.PathThere(full), full, Messages.UseForce);
            return null;
        }

        if (Directory.Exists(Path.GetDirectoryName(full))) return full;
        cmdlet.WriteError(ErrorTable.PathNotFound, Messages.DirectoryMissing(Path.GetDirectoryName(full)!), path);
        return null;
    }

    /// <summary>The absolute path of a file or directory to read; null, and an error, where there is none.</summary>
    public static string? Input(ContainerCmdlet cmdlet, string path)
    {
        if (Resolve(cmdlet, path) is not { } full) return null;
        if (Path.Exists(full)) return full;
        cmdlet.WriteError(ErrorTable.PathNotFound, Messages.PathMissing(path), path);
        return null;
    }

    /// <summary>The absolute paths of files that match a pattern; a literal without a file is an error.</summary>
    public static IReadOnlyList<string> Matching(ContainerCmdlet cmdlet, string path)
    {
        try
        {
            IReadOnlyList<string> files = cmdlet.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (provider.Name == "FileSystem") return files;
            cmdlet.WriteError(ErrorTable.NotFileSystemPath, Messages.NotFileSystem(path), path);
        }
        catch (SessionStateException)
        {
            cmdlet.WriteError(ErrorTable.PathNotFound, Messages.PathMissing(path), path);
        }

        return [];
    }

    /// <summary>The absolute path; null, and an error, where it is not one of the file system.</summary>
    public static string? Resolve(ContainerCmdlet cmdlet, string path)
    {
        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(
            path, out ProviderInfo provider, out _);
        if (provider.Name == "FileSystem") return full;
        cmdlet.WriteError(ErrorTable.NotFileSystemPath, Messages.NotFileSystem(path), path);
        return null;
    }
}
