using System.Collections.ObjectModel;
using System.Management.Automation;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;

namespace Container.Cmdlets.Commands;

/// <summary>The parameters of cmdlets that make an image from an archive on the host.</summary>
public abstract class RootFsImportCommand : ContainerCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Archives, with wildcards.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Archives, taken as written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The reference it gets, as in busybox:1.36; without one it is known by its id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WarnOfMissingIds();
        foreach (string path in ParameterSetName == LiteralPathSet ? LiteralPath : Path)
        {
            foreach (string file in Files(path))
            {
                if (ShouldProcess(file, Messages.ActionImport)) Attempt(file, () => Process(file));
            }
        }
    }

    /// <summary>Imports one archive.</summary>
    private protected abstract void Process(string file);

    private protected ContainerImageInfo Import(
        string file, string? author = null, string? message = null, string[]? changes = null)
    {
        using ActivityProgress progress = new(this, Messages.ActionImport, file);
        return ContainerImageInfo.From(
            Engine.Images.ImportRootFs(file, Tag, author, message, changes, progress, StopToken));
    }

    private Collection<string> Files(string path)
    {
        Collection<string> files = [];
        ProviderInfo provider;
        try
        {
            if (ParameterSetName == LiteralPathSet)
                files.Add(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _));
            else
                files = GetResolvedProviderPathFromPSPath(path, out provider);
        }
        catch (SessionStateException)
        {
            WriteError(ErrorTable.PathNotFound, Messages.PathMissing(path), path);
            return [];
        }

        if (provider.Name != "FileSystem")
        {
            WriteError(ErrorTable.NotFileSystemPath, Messages.NotFileSystem(path), path);
            return [];
        }

        if (files.Count == 1 && !File.Exists(files[0]) && !Directory.Exists(files[0]))
        {
            WriteError(ErrorTable.PathNotFound, Messages.PathMissing(path), path);
            return [];
        }

        return files;
    }
}
