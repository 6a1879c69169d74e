using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Execution;
using Container.Cmdlets.Objects;
using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.State;

namespace Container.Cmdlets.Commands;

/// <summary>Copies files and directories between the host and a container.</summary>
[Cmdlet(VerbsCommon.Copy, "ContainerItem", DefaultParameterSetName = ToSet, SupportsShouldProcess = true)]
[Alias("cpctr")]
[OutputType(typeof(void))]
[OutputType(typeof(ContainerItem), ParameterSetName = [ToSet, LiteralSet, InputSet])]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo), ParameterSetName = [FromSet])]
public sealed class CopyContainerItemCommand : ContainerCmdlet
{
    private const string ToSet = "ToContainer";
    private const string LiteralSet = "ToContainerLiteral";
    private const string InputSet = "ToContainerInput";
    private const string FromSet = "FromContainer";

    private FileStream? _input;
    private InputEncoder? _encoder;
    private bool _hasPaths;

    /// <summary>What to copy: files of the host, or with -FromContainer paths inside; both with wildcards.</summary>
    [Parameter(ParameterSetName = ToSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = FromSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files of the host, taken as written.</summary>
    [Parameter(ParameterSetName = LiteralSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What becomes the file -Destination: bytes, byte arrays and streams as they are, anything else as lines
    /// of text; but files of the host are copied themselves.</summary>
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Where to: a path inside, or with -FromContainer one of the host. A directory that is there takes
    /// the copy under its own name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>The container to copy to: name, id or object.</summary>
    [Parameter(ParameterSetName = ToSet, Mandatory = true)]
    [Parameter(ParameterSetName = LiteralSet, Mandatory = true)]
    [Parameter(ParameterSetName = InputSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string ToContainer { get; set; } = "";

    /// <summary>The container to copy from: name, id or object.</summary>
    [Parameter(ParameterSetName = FromSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string FromContainer { get; set; } = "";

    /// <summary>Copy what directories hold; without it only the directory is made.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Make directories that are missing above the destination.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Keep owners and extended attributes; otherwise copies belong to root.</summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>Keep set-user-ID and set-group-ID bits, devices and, with -Archive, security attributes, which are
    /// left out otherwise.</summary>
    [Parameter]
    public SwitchParameter IncludeSpecial { get; set; }

    /// <summary>Write what was made.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private CopyItemOptions Options => new() { Recurse = Recurse, Force = Force, Archive = Archive, Special = IncludeSpecial };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case InputSet:
                Collect();
                break;
            case FromSet:
                CopyFrom();
                break;
            default:
                CopyTo();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName != InputSet || (_hasPaths && _input is null)) return;
        _encoder?.Flush();
        foreach (ContainerRecord container in ContainerResolver.Resolve(this, [ToContainer]))
        {
            if (!ShouldProcess(Messages.Container(container.Name, container.Id), Messages.CopyTo("", Destination)))
                continue;
            Stream content = _input is null ? Stream.Null : _input;
            if (_input is not null) _input.Position = 0;
            Attempt(container.Name, () => Written(
                container, Engine.Containers.WriteItem(container.Id, Destination, content, Force, StopToken)));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _input?.Dispose();
        base.Dispose(disposing);
    }

    // What goes with the pipeline by value comes here before its properties are asked, so a file does too. Lines of
    // Get-Content know their file, and are meant themselves.
    private void Collect()
    {
        if (!InputEncoder.IsContent(InputObject)
            && (InputObject!.Properties["PSPath"]?.Value as string ?? (InputObject.BaseObject as FileSystemInfo)?.FullName)
                is { } path)
        {
            _hasPaths = true;
            CopyTo(HostFile.Input(this, path) is { } file ? [file] : []);
            return;
        }

        _input ??= new FileStream(
            System.IO.Path.Join(EnginePaths.Temporary, $"pscontainer-{Guid.NewGuid():N}"),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16,
                Options = FileOptions.DeleteOnClose, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        _encoder ??= new InputEncoder(block => _input.Write(block.Span));
        try
        {
            _encoder.Write(InputObject);
        }
        catch (EngineException failure)
        {
            // Half of it is no file.
            ThrowTerminatingError(ErrorTable.Record(failure, InputObject));
        }
    }

    private void CopyTo() => CopyTo(ParameterSetName == LiteralSet
        ? LiteralPath.Select(path => HostFile.Input(this, path)).OfType<string>()
        : Path.SelectMany(path => HostFile.Matching(this, path)));

    private void CopyTo(IEnumerable<string> files)
    {
        files = [.. files];
        foreach (ContainerRecord container in ContainerResolver.Resolve(this, [ToContainer]))
        {
            foreach (string file in files)
            {
                string target = Messages.Container(container.Name, container.Id);
                if (!ShouldProcess(target, Messages.CopyTo(file, Destination))) continue;
                Attempt(file, () =>
                {
                    using ActivityProgress progress = new(this, Messages.ActionCopy, file);
                    Written(container, Engine.Containers.CopyTo(
                        container.Id, file, Destination, Options, progress.Report, StopToken));
                });
            }
        }
    }

    private void CopyFrom()
    {
        if (HostFile.Resolve(this, Destination) is not { } destination) return;
        foreach (ContainerRecord container in ContainerResolver.Resolve(this, [FromContainer]))
        {
            foreach (string path in Path.SelectMany(path => Inside(container, path)))
            {
                string target = Messages.Container(container.Name, container.Id);
                if (!ShouldProcess(target, Messages.CopyFrom(path, destination))) continue;
                Attempt(path, () =>
                {
                    using ActivityProgress progress = new(this, Messages.ActionCopy, path);
                    string made = Engine.Containers.CopyFrom(
                        container.Id, path, destination, Options, progress.Report, StopToken);
                    if (PassThru) HostFile.Write(this, made);
                });
            }
        }
    }

    // Wildcards of the last component; the directory is taken as written.
    private IEnumerable<string> Inside(ContainerRecord container, string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0 || !WildcardPattern.ContainsWildcardCharacters(path[slash..])) return [path];
        WildcardPattern pattern = Wildcards.Exact(path[(slash + 1)..]);
        string directory = path[..(slash + 1)];
        return Attempt(path, () => Engine.Containers.FindItems(
            container.Id, directory, pattern.IsMatch, StopToken))?.Select(name => directory + name) ?? [];
    }

    private void Written(ContainerRecord container, string path)
    {
        if (PassThru) WriteObject(new ContainerItem { Container = container.Name, ContainerPath = path });
    }
}
