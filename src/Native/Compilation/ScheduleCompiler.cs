using System.Runtime.InteropServices;
using Container.Native.Json;
using Container.Native.Launch;
using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Native.Compilation;

/// <summary>Scheduling and I/O priority: sched(7), ioprio_set(2); runtime-spec, config.md, Linux Process.</summary>
internal static class ScheduleCompiler
{
    private const int IOPRIO_WHO_PROCESS = 1;
    private const int IOPRIO_CLASS_SHIFT = 13;

    public static unsafe void Add(LaunchPlan plan, OciProcess process)
    {
        if (process.Scheduler is { } scheduler)
        {
            SchedulingAttributes attributes = Attributes(scheduler);
            plan.Call(
                SystemCallNumber.sched_setattr, new LaunchStep("sched_setattr", scheduler.Policy, null),
                [0, plan.Data<SchedulingAttributes>([attributes]), 0]);
        }

        if (process.IoPriority is { } priority)
        {
            int value = (Class(priority.Class) << IOPRIO_CLASS_SHIFT) | priority.Priority;
            plan.Call(
                SystemCallNumber.ioprio_set, new LaunchStep("ioprio_set", priority.Class, $"{priority.Priority}"),
                [IOPRIO_WHO_PROCESS, 0, value]);
        }
    }

    private static unsafe SchedulingAttributes Attributes(OciScheduler scheduler)
    {
        ulong flags = 0;
        foreach (string flag in scheduler.Flags ?? [])
        {
            flags |= flag switch
            {
                "SCHED_FLAG_RESET_ON_FORK" => 0x01UL,
                "SCHED_FLAG_RECLAIM" => 0x02UL,
                "SCHED_FLAG_DL_OVERRUN" => 0x04UL,
                "SCHED_FLAG_KEEP_POLICY" => 0x08UL,
                "SCHED_FLAG_KEEP_PARAMS" => 0x10UL,
                "SCHED_FLAG_UTIL_CLAMP_MIN" => 0x20UL,
                "SCHED_FLAG_UTIL_CLAMP_MAX" => 0x40UL,
                _ => throw new DocumentException("process.scheduler.flags", $"'{flag}' is not a scheduler flag"),
            };
        }

        return new SchedulingAttributes
        {
            Size = (uint)sizeof(SchedulingAttributes),
            Policy = Policy(scheduler.Policy),
            Flags = flags,
            Nice = scheduler.Nice,
            Priority = (uint)scheduler.Priority,
            Runtime = scheduler.Runtime,
            Deadline = scheduler.Deadline,
            Period = scheduler.Period,
        };
    }

    private static uint Policy(string policy) => policy switch
    {
        "SCHED_OTHER" => 0,
        "SCHED_FIFO" => 1,
        "SCHED_RR" => 2,
        "SCHED_BATCH" => 3,
        "SCHED_ISO" => 4,
        "SCHED_IDLE" => 5,
        "SCHED_DEADLINE" => 6,
        _ => throw new DocumentException("process.scheduler.policy", $"'{policy}' is not a scheduling policy"),
    };

    private static int Class(string name) => name switch
    {
        "IOPRIO_CLASS_RT" => 1,
        "IOPRIO_CLASS_BE" => 2,
        "IOPRIO_CLASS_IDLE" => 3,
        _ => throw new DocumentException("process.ioPriority.class", $"'{name}' is not an I/O priority class"),
    };

    /// <summary>struct sched_attr of sched_setattr(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
