using Container.Native.Syscalls;

namespace Container.Native.Cgroups.Hierarchies;

/// <summary>Writing limits: what the kernel answers, said so that it can be acted on.</summary>
internal static class CgroupControl
{
    /// <summary>Writes a limit; every failure names controller, file, value and what the error means there.</summary>
    public static void Set(CgroupDirectory directory, string controller, string file, string value)
    {
        Errno error = directory.TryWrite(file, value);
        if (error != Errno.None) throw Refused(directory, controller, file, value, error);
    }

    /// <inheritdoc cref="Set(CgroupDirectory, string, string, string)"/>
    public static void Set(CgroupDirectory directory, string controller, string file, long value) =>
        Set(directory, controller, file, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Like Set; false where the kernel has no such file.</summary>
    public static bool TrySet(CgroupDirectory directory, string controller, string file, string value)
    {
        Errno error = directory.TryWrite(file, value);
        if (error == Errno.ENOENT) return false;
        if (error != Errno.None) throw Refused(directory, controller, file, value, error);
        return true;
    }

    public static CgroupException Refused(
        CgroupDirectory directory, string controller, string file, string value, Errno error)
    {
        SystemCallException cause = new($"write '{value}' to", $"{directory.Path}/{file}", error);
        string reason = error switch
        {
            Errno.ENOENT => $"this kernel's {controller} controller has no such limit",
            Errno.EACCES or Errno.EPERM or Errno.EROFS => "not permitted: the cgroup has to be delegated to this user",
            Errno.EBUSY => "more than that is in use",
            Errno.EINVAL or Errno.ERANGE => "the kernel does not accept this value here",
            Errno.ENODEV or Errno.ENXIO => "there is no such device",
            _ => error.ToString(),
        };
        return new CgroupException(
            controller, file, $"{controller} limit {file} = '{value}': {reason} ({cause.Message})", cause);
    }

    public static CgroupException Absent(string controller, string what) => new(
        controller, null,
        $"{what} is requested, but the {controller} controller is not available to this cgroup on this host");

    public static CgroupException Unsupported(string controller, string what, string version) => new(
        controller, null, $"invalid configuration: {what} is requested, but cgroup {version} has no such limit");
}
