using System.Management.Automation;
using Container.Cmdlets.Views;
using Container.Engine.Errors;
using Container.Native.Syscalls;

namespace Container.Cmdlets.Errors;

/// <summary>What every error id means to PowerShell: the one place where categories are chosen.</summary>
internal static class ErrorTable
{
    /// <summary>A path that is not one of the file system.</summary>
    public const string NotFileSystemPath = nameof(NotFileSystemPath);

    /// <summary>A host path that does not exist.</summary>
    public const string PathNotFound = nameof(PathNotFound);

    /// <summary>A line that a command wrote to standard error.</summary>
    public const string CommandErrorOutput = nameof(CommandErrorOutput);

    /// <summary>Parameters that exclude each other, or input where none can be taken.</summary>
    public const string InvalidParameterCombination = nameof(InvalidParameterCombination);

    /// <summary>An interactive cmdlet without a terminal.</summary>
    public const string NoTerminal = nameof(NoTerminal);

    /// <summary>A script block for a container without PowerShell.</summary>
    public const string PowerShellNotFoundInContainer = nameof(PowerShellNotFoundInContainer);

    /// <summary>An object from a container that cannot be read.</summary>
    public const string ObjectInvalid = nameof(ObjectInvalid);

    /// <summary>An unquoted word with a dash, before the command, that is no parameter.</summary>
    public const string ParameterUnknown = nameof(ParameterUnknown);

    /// <summary>An unquoted word with a dash, after the command's first, that would be a parameter of the cmdlet.</summary>
    public const string ParameterAfterCommand = nameof(ParameterAfterCommand);

    /// <summary>Nothing, where an argument of a command should be.</summary>
    public const string NullArgument = nameof(NullArgument);

    /// <summary>Input for a command that is neither text nor bytes.</summary>
    public const string InputNotTextOrBytes = nameof(InputNotTextOrBytes);

    private static readonly Dictionary<string, ErrorCategory> s_categories = new(StringComparer.Ordinal)
    {
        [ErrorId.ContainerNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.ImageNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.VolumeNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.SecretNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.ContainerPathNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.AmbiguousIdentifier] = ErrorCategory.InvalidArgument,
        [ErrorId.ContainerExists] = ErrorCategory.ResourceExists,
        [ErrorId.ImageExists] = ErrorCategory.ResourceExists,
        [ErrorId.VolumeExists] = ErrorCategory.ResourceExists,
        [ErrorId.SecretExists] = ErrorCategory.ResourceExists,
        [ErrorId.PathExists] = ErrorCategory.ResourceExists,
        [ErrorId.ContainerRunning] = ErrorCategory.InvalidOperation,
        [ErrorId.ContainerNotRunning] = ErrorCategory.InvalidOperation,
        [ErrorId.ContainerPaused] = ErrorCategory.InvalidOperation,
        [ErrorId.ImageInUse] = ErrorCategory.ResourceBusy,
        [ErrorId.VolumeInUse] = ErrorCategory.ResourceBusy,
        [ErrorId.SecretInUse] = ErrorCategory.ResourceBusy,
        [ErrorId.VolumeNotEmpty] = ErrorCategory.InvalidOperation,
        [ErrorId.InvalidReference] = ErrorCategory.InvalidArgument,
        [ErrorId.InvalidName] = ErrorCategory.InvalidArgument,
        [ErrorId.InvalidMountSpecification] = ErrorCategory.InvalidArgument,
        [ErrorId.InvalidConfiguration] = ErrorCategory.InvalidArgument,
        [ErrorId.InvalidUser] = ErrorCategory.InvalidArgument,
        [ErrorId.SpecInvalid] = ErrorCategory.ParserError,
        [ErrorId.DefinitionInvalid] = ErrorCategory.ParserError,
        [ErrorId.ArchiveInvalid] = ErrorCategory.InvalidData,
        [ErrorId.DigestMismatch] = ErrorCategory.SecurityError,
        [ErrorId.ProcessNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.HealthCheckMissing] = ErrorCategory.InvalidOperation,
        [ErrorId.LogUnavailable] = ErrorCategory.InvalidOperation,
        [ErrorId.JournalUnavailable] = ErrorCategory.ResourceUnavailable,
        [ErrorId.CommandFailed] = ErrorCategory.FromStdErr,
        [ErrorId.CommandNotFound] = ErrorCategory.ObjectNotFound,
        [ErrorId.CommandNotExecutable] = ErrorCategory.PermissionDenied,
        [ErrorId.OutOfMemory] = ErrorCategory.LimitsExceeded,
        [ErrorId.WaitTimeout] = ErrorCategory.OperationTimeout,
        [ErrorId.StopTimeout] = ErrorCategory.OperationTimeout,
        [ErrorId.HookFailed] = ErrorCategory.OperationStopped,
        [ErrorId.KernelFeatureMissing] = ErrorCategory.NotInstalled,
        [ErrorId.RuntimeUnavailable] = ErrorCategory.ResourceUnavailable,
        [ErrorId.SubordinateIdsMissing] = ErrorCategory.PermissionDenied,
        [ErrorId.CgroupNotDelegated] = ErrorCategory.PermissionDenied,
        [ErrorId.LimitExceeded] = ErrorCategory.LimitsExceeded,
        [ErrorId.StateDirectoryUnusable] = ErrorCategory.ResourceUnavailable,
        [ErrorId.UntrustedPath] = ErrorCategory.SecurityError,
        [NotFileSystemPath] = ErrorCategory.InvalidArgument,
        [CommandErrorOutput] = ErrorCategory.FromStdErr,
        [InvalidParameterCombination] = ErrorCategory.InvalidArgument,
        [NoTerminal] = ErrorCategory.ResourceUnavailable,
        [PowerShellNotFoundInContainer] = ErrorCategory.NotInstalled,
        [ObjectInvalid] = ErrorCategory.InvalidData,
        [PathNotFound] = ErrorCategory.ObjectNotFound,
        [ParameterUnknown] = ErrorCategory.InvalidArgument,
        [ParameterAfterCommand] = ErrorCategory.InvalidArgument,
        [NullArgument] = ErrorCategory.InvalidArgument,
        [InputNotTextOrBytes] = ErrorCategory.InvalidType,
    };

    /// <summary>Every id the table knows.</summary>
    public static IReadOnlyCollection<string> Ids => s_categories.Keys;

    /// <summary>Whether the next object would meet the failure as well: it ends the command.</summary>
    public static bool IsFatal(EngineException failure) =>
        failure.Id is ErrorId.StateDirectoryUnusable or ErrorId.DefinitionInvalid or ErrorId.UntrustedPath;

    /// <summary>The category of an id.</summary>
    public static ErrorCategory Category(string id, Errno? errno = null) =>
        s_categories.TryGetValue(id, out ErrorCategory category) ? category : Category(errno);

    /// <summary>The record of what the engine threw.</summary>
    public static ErrorRecord Record(EngineException failure, object? target) => Shown(
        new ErrorRecord(failure, failure.Id, Category(failure.Id, failure.Errno), failure.Target ?? target),
        failure.RecommendedAction ?? Advice(failure.Id));

    /// <summary>The record of what the system threw where the engine had nothing to add.</summary>
    public static ErrorRecord Record(Exception failure, object? target) => failure switch
    {
        EngineException known => Record(known, target),
        SystemCallException call => Record(EngineException.From(call), target),
        _ => Shown(
            new ErrorRecord(failure, ErrorId.SystemCallFailed, Category(failure), target), ErrnoAdvice.Get(Number(failure))),
    };

    /// <summary>The record as it is shown: in the words of its exception, as text that does nothing to the terminal.</summary>
    public static ErrorRecord Shown(ErrorRecord record, string? action = null)
    {
        record.ErrorDetails = new ErrorDetails(VisibleText.OfMessage(record.Exception.Message))
        {
            RecommendedAction = action is null ? null : VisibleText.OfMessage(action),
        };
        record.CategoryInfo.TargetName = VisibleText.OfMessage(record.CategoryInfo.TargetName);
        return record;
    }

    private static string? Advice(string id) => id switch
    {
        NotFileSystemPath => "Use a path of the file system, as Get-Item / has.",
        PathNotFound => "Look with Get-ChildItem what there is.",
        InvalidParameterCombination => "Get-Help NAME -Parameter * says which parameters go together.",
        _ => null,
    };

    // The error number is what .NET gives the exceptions of files as their result (Interop.GetIOException), except for
    // those that have a type of their own.
    private static Errno? Number(Exception failure) =>
        failure is IOException { HResult: > 0 and < 200 and int number } ? (Errno)number : null;

    private static ErrorCategory Category(Exception failure) => failure switch
    {
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        EndOfStreamException => ErrorCategory.ReadError,
        TimeoutException => ErrorCategory.OperationTimeout,
        _ => Category(Number(failure)),
    };

    private static ErrorCategory Category(Errno? errno) => errno switch
    {
        Errno.EPERM or Errno.EACCES or Errno.EROFS => ErrorCategory.PermissionDenied,
        Errno.ENOENT or Errno.ESRCH or Errno.ENODEV or Errno.ENXIO => ErrorCategory.ObjectNotFound,
        Errno.EEXIST => ErrorCategory.ResourceExists,
        Errno.EBUSY or Errno.ETXTBSY => ErrorCategory.ResourceBusy,
        Errno.ENOSPC or Errno.EDQUOT => ErrorCategory.QuotaExceeded,
        Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.EAGAIN => ErrorCategory.LimitsExceeded,
        Errno.EINVAL => ErrorCategory.InvalidArgument,
        Errno.ENOSYS or Errno.EOPNOTSUPP => ErrorCategory.NotImplemented,
        Errno.ETIMEDOUT => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.DeviceError,
    };
}
