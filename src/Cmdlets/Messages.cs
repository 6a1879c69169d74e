using System.Globalization;
using Container.Engine.Storage;

namespace Container.Cmdlets;

/// <summary>The cmdlets' own texts; what the engine found out it says itself.</summary>
internal static class Messages
{
    public const string ActionCreate = "Create";
    public const string ActionCreateAndStart = "Create and start";
    public const string ActionStart = "Start";
    public const string ActionStop = "Stop";
    public const string ActionKill = "Kill";
    public const string ActionRemove = "Remove";
    public const string ActionReplace = "Replace";
    public const string ActionImport = "Import root filesystem";
    public const string ActionRun = "Run";
    public const string ActionCopy = "Copy";
    public const string ActionExport = "Export";
    public const string ActionCommit = "Make an image";
    public const string ActionSuspend = "Suspend";
    public const string ActionResume = "Resume";
    public const string ActionRestart = "Restart";
    public const string ActionSet = "Set";
    public const string ActionReset = "Remove every container, image, volume and secret";
    public const string ActionInitialize = "Initialize";
    public const string ActionUse = "Use and remove";

    public const string InputToSeveral =
        "Input from the pipeline can go to one container; name one, or call the cmdlet once for each.";

    public const string UseOutString =
        "Send text: pipe it through Out-String, ConvertTo-Json or ConvertTo-Csv first, or take one of its properties.";

    public const string UseForce = "Use -Force to replace it, or another path.";

    public const string NoTerminal = "There is no terminal to enter a container from.";
    public const string NoTerminalHere = "There is no terminal for that of the container.";
    public const string UseConnect =
        "Leave out -Tty and -Interactive, or start it by New-Container -Start and use Connect-Container at a terminal.";
    public const string UseInvoke = "Use Invoke-ContainerCommand in scripts.";

    public const string UsePowerShellImage = "Use an image with PowerShell, such as the built-in image 'host'.";

    public const string NothingHasRun =
        "Nothing has run. Write the cmdlet's parameters before the command; quote what is the command's, or put -- "
        + "between the cmdlet's parameters and the command.";

    public const string NullArgument = "One of the command's arguments is $null.";
    public const string UseEmptyText = "Leave it out, or write '' for an argument without text.";

    public static string ParameterUnknown(string word, string cmdlet, string? near) =>
        $"'{word}' is no parameter of {cmdlet}{(near is null ? "." : $"; did you mean {near}?")} If it is the command's, it stands "
        + $"after the command's first word, is quoted ('{word}'), or comes after --.";

    public static string ParameterAfterCommand(string word, string? command, string cmdlet, string parameter) =>
        $"'{word}'{(command is null ? "" : $" after the command {command}")} could be -{parameter} of {cmdlet}. If it is "
        + $"the command's, quote it ('{word}') or put -- before the command; if it is meant for {cmdlet}, write "
        + $"-{parameter} before the command.";

    public static string NoReference(string type, string property, bool isOwn) => isOwn
        ? "The object has no text in Id or Name to find anything by."
        : $"An object of type {type} is something else: what counts of it is the property {property}, which it lacks. Pass the "
            + "name as text where it is meant.";

    public static string ObjectInvalid(string name) => $"The container '{name}' sent an object that cannot be read.";

    public static string ObjectTooDeep => "It is nested too deeply.";

    public static string NoPowerShell(string name) => $"The container '{name}' has no pwsh to run a script block with.";

    public static string Container(string name, string id) => $"Container '{name}' ({ShortId(id)})";

    public static string NewContainer(string? name, string source) =>
        name is null ? $"Container from {source}" : $"Container '{name}' from {source}";

    public static string Image(string? reference, string id) =>
        reference is null ? $"Image {ShortId(id)}" : $"Image '{reference}' ({ShortId(id)})";

    public static string Volume(string? name) => name is null ? "Anonymous volume" : $"Volume '{name}'";

    public static string CopyTo(string file, string path) =>
        file.Length == 0 ? $"Write {path}" : $"Copy {file} to {path}";

    public static string CopyFrom(string path, string file) => $"Copy {path} to {file}";

    public static string AddTag(IEnumerable<string> tags) => $"Add tag {string.Join(", ", tags)}";

    public static string RemoveTag(IEnumerable<string> tags) => $"Remove tag {string.Join(", ", tags)}";

    public static string Secret(string name) => $"Secret '{name}'";

    public static string NoSuchVariable(string name) => $"There is no environment variable '{name}'.";

    public static string UnknownSetting(string name) =>
        $"'{name}' is no setting of a container; those of New-ContainerConfiguration are.";

    public static string NoMap(object value) => $"'{value}' is no map: use a hashtable, or NAME=VALUE.";

    public static string NoSize(string text) =>
        $"'{text}' is no size: use a number of bytes, or one with K, M, G or T, as in 64m, 1.5g or 64MB.";

    public static string OutOfRange(double value, double minimum, double maximum) => string.Create(
        CultureInfo.InvariantCulture, $"{value} is not within {minimum} and {maximum}; $null is no limit.");

    public static string ExportTo(string path) => $"Export to {path}";

    public static string ImportFrom(string path) => $"Import from {path}";

    public static string CommandIn(string command, string name, string id) =>
        $"Command '{command}' in container '{name}' ({ShortId(id)})";

    public static string AlreadyStopped(string name) => $"The container '{name}' does not run.";

    public const string UseResume = "Resume-Container lets it go on.";

    public static string IsPaused(string name) => $"The container '{name}' is paused, not stopped.";

    public static string AlreadyRunning(string name) => $"The container '{name}' runs already.";

    public static string UnknownMountField(string name) =>
        $"'{name}' is no property of a mount: "
        + "use Type, Source, Target, ReadOnly, IdMap, MapUser, MapGroup, NoCopy, Size, Mode or Option.";

    public static string CommandFailed(string command, string name, int code) => string.Create(
        CultureInfo.InvariantCulture,
        $"The command '{command}' in the container '{name}' ended with exit code {code}.");

    public static string InputNotTextOrBytes(Type type) =>
        $"An object of the type '{type}' is neither text nor bytes, and cannot be a command's input.";

    public static string CommandTimedOut(string command, string name, int seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"The command '{command}' in the container '{name}' was killed after {seconds} s.");

    public static string OutOfMemory(string name) =>
        $"The kernel killed a process of the container '{name}' because it used all the memory it may have.";

    public static string WaitTimedOut(string name, string what, int seconds) => string.Create(
        CultureInfo.InvariantCulture, $"The container '{name}' did not reach '{what}' within {seconds} s.");

    public static string NeverMet(string name, string what) =>
        $"The container '{name}' has ended and cannot reach '{what}' any more.";

    public static string NotFileSystem(string path) => $"'{path}' is not a path of the file system.";

    public static string PathThere(string path) => $"There is a file '{path}' already.";

    public static string DirectoryMissing(string path) => $"There is no directory '{path}'.";

    public static string PathMissing(string path) => $"There is no file '{path}'.";

    public static string ActionRepair(StorageIssue issue) => issue.Kind switch
    {
        StorageIssueKind.MountRemains => $"Unmount {issue.Path}",
        StorageIssueKind.ContainerAbandoned => "Record its end",
        StorageIssueKind.ImageDamaged => "Remove the image",
        StorageIssueKind.LayerDamaged => "Remove the images with this layer",
        _ when !issue.IsRepairable => "Repair",
        _ => $"Remove {issue.Path}",
    };

    public static string ActionRename(string name) => $"Rename to '{name}'";

    public static string ActionSignal(string signal) => $"Send signal {signal}";

    public static string NoProcess(int id, string container) => string.Create(
        CultureInfo.InvariantCulture, $"The container '{container}' has no process {id}.");

    public static string ProcessTimedOut(int id, int seconds) => string.Create(
        CultureInfo.InvariantCulture, $"The process {id} did not end within {seconds} s.");

    public static string UnknownCondition(string name) =>
        $"'{name}' is nothing to wait for: use State, Healthy, Port, LogPattern, Path, HttpUri, Command or Condition.";

    public static string NotStarted(string name) =>
        $"The container '{name}' was never started: it is waited for until somebody starts it.";

    public static string Detached(string name) => $"Detached from the container '{name}', which runs on.";

    private static string ShortId(string id) => id.Length > 12 ? id[..12] : id;
}
