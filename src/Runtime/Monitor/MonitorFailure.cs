using Container.Native.Cgroups.Hierarchies;
using Container.Native.Hooks;
using Container.Native.IdMapping;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Monitor;
using Container.Native.Security;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Container.Runtime.Messages;

namespace Container.Runtime.Monitor;

/// <summary>What clients are told about a failure.</summary>
internal static class MonitorFailure
{
    private const string SystemCallFailed = "SystemCallFailed";

    // Escaped as JSON it may be six times as long, and a packet has to hold it beside the other fields.
    private const int TextLimit = 4096;

    /// <summary>Whether <paramref name="failure"/> is one of the request, not a defect of ours.</summary>
    public static bool IsExpected(Exception failure) => failure is
        LaunchException or SystemCallException or DocumentException or CgroupException or SeccompException
        or MonitorException or IdMapException or HookException or RuntimeException or ArgumentException
        or UntrustedPathException;

    /// <summary>Whether there was no descriptor left for it.</summary>
    public static bool LacksDescriptors(Exception failure) => failure is
        SystemCallException { LacksDescriptors: true }
        or CgroupException { InnerException: SystemCallException { LacksDescriptors: true } }
        or LaunchException { Errno: Errno.EMFILE or Errno.ENFILE };

    /// <summary>The message of type <c>error</c>.</summary>
    public static MonitorMessage Describe(Exception failure)
    {
        MonitorMessage whole = DescribeWhole(failure);
        return whole with { Message = Cut(whole.Message), Path = Cut(whole.Path), Hint = Cut(whole.Hint) };
    }

    private static string? Cut(string? text) =>
        text is { Length: > TextLimit } ? string.Concat(text.AsSpan(0, TextLimit), "…") : text;

    private static MonitorMessage DescribeWhole(Exception failure)
    {
        MonitorMessage message = new() { Type = MonitorMessageType.Error, Message = failure.Message };
        return failure switch
        {
            LaunchException launch => message with
            {
                Id = launch.Id,
                Operation = launch.Step.Operation,
                Path = launch.Step.Subject,
                Errno = (int)launch.Errno,
                Hint = launch.Hint,
            },
            SystemCallException call => message with
            {
                Id = SystemCallFailed,
                Operation = call.Operation,
                Path = call.Path,
                Errno = (int)call.Errno,
            },
            HookException => message with { Id = "HookFailed" },
            RuntimeException => message with { Id = SystemCallFailed },
            UntrustedPathException untrusted => message with { Id = "UntrustedPath", Path = untrusted.Place },
            IdMapException ids => message with { Id = "KernelFeatureMissing", Errno = (int)ids.Errno },
            MonitorException known => message with { Id = known.Id },
            CgroupException { InnerException: SystemCallException call } => message with
            {
                Id = SystemCallFailed,
                Operation = call.Operation,
                Path = call.Path,
                Errno = (int)call.Errno,
            },
            CgroupException => message with { Id = "KernelFeatureMissing" },
            _ => message with { Id = "SpecInvalid" },
        };
    }
}
