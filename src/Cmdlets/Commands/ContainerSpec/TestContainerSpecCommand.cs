using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine.Specs;
using Container.Native.Oci;

namespace Container.Cmdlets.Commands;

/// <summary>Tests whether OCI configurations follow the specification.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerSpec", DefaultParameterSetName = PathSet)]
[OutputType(typeof(bool), typeof(OciSpecIssue))]
public sealed class TestContainerSpecCommand : ContainerCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string InputObjectSet = "InputObject";

    /// <summary>Files, or directories of bundles, with wildcards.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files, or directories of bundles, taken as written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What New-ContainerSpec made.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public OciSpec? InputObject { get; set; }

    /// <summary>Write what is wrong in place of an answer; nothing where nothing is.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case InputObjectSet:
                Tell(null, SpecService.Check(InputObject!));
                break;
            case LiteralPathSet:
                foreach (string path in LiteralPath) Check(path);
                break;
            default:
                foreach (string path in Path.SelectMany(Expand)) Check(path);
                break;
        }
    }

    // What is not there is no error for a test: it fails.
    private IEnumerable<string> Expand(string path) =>
        WildcardPattern.ContainsWildcardCharacters(path) ? HostFile.Matching(this, path) : [path];

    private void Check(string path) => Attempt(path, () =>
    {
        if (HostFile.Resolve(this, path) is not { } full) return;
        string file = Directory.Exists(full) ? System.IO.Path.Join(full, SpecService.FileName) : full;
        Tell(file, SpecService.Check(file));
    });

    private void Tell(string? file, SpecProblem? problem)
    {
        if (!Detailed)
        {
            if (problem is not null) WriteVerbose(problem.Message);
            WriteObject(problem is null);
        }
        else if (problem is not null)
        {
            WriteObject(new OciSpecIssue { File = file, JsonPath = problem.Path, Message = problem.Message });
        }
    }
}
