using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>
/// What a process does between clone(2) and execve(2), as data: a flat list of operations in unmanaged memory that
/// <see cref="LaunchRunner"/> carries out, and beside it the same list in words. Everything the operations point to
/// lives as long as the plan.
/// </summary>
internal sealed unsafe class LaunchPlan : IDisposable
{
    private readonly List<LaunchOperation> operations = [];
    private readonly List<LaunchStep> steps = [];
    private readonly List<int> slots = [];
    private readonly List<FileDescriptor> owned = [];
    private readonly LaunchMemory memory = new();
    private SharedNumber? sibling;

    /// <summary>The operations in words, in order.</summary>
    public IReadOnlyList<LaunchStep> Steps => steps;

    /// <summary>What of the request could not be granted.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>The number of operations added so far.</summary>
    public int Count => operations.Count;

    /// <summary>The process that the plan's own has gone on in; 0 for none.</summary>
    public int ForkedPid => sibling?.Value ?? 0;

    /// <summary>A new slot, empty or preset to <paramref name="descriptor"/>.</summary>
    public LaunchSlot AddSlot(int descriptor = -1)
    {
        slots.Add(descriptor);
        return new LaunchSlot(slots.Count - 1);
    }

    /// <summary>Gives a slot its descriptor, which was not there when it was needed first.</summary>
    public void Preset(LaunchSlot slot, int descriptor) => slots[slot.Index] = descriptor;

    /// <summary>Keeps <paramref name="descriptor"/> open as long as the plan, for the child to inherit.</summary>
    public int Own(FileDescriptor descriptor)
    {
        owned.Add(descriptor);
        return descriptor.Number;
    }

    /// <summary>A NUL-terminated copy of <paramref name="text"/> in the plan's memory.</summary>
    public nint Text(string text) => memory.Add<byte>(Utf8.Terminated(text));

    /// <summary>A copy of <paramref name="values"/> in the plan's memory.</summary>
    public nint Data<T>(ReadOnlySpan<T> values)
        where T : unmanaged => memory.Add(values);

    /// <summary>Memory of the plan's for the child to write to, filled with zeros.</summary>
    public nint Space(int size) => memory.Reserve(size);

    /// <summary>A NULL-terminated array of strings, as execve(2) takes it.</summary>
    /// <param name="texts">The strings.</param>
    /// <param name="last">One more, which is in the plan's memory already, or 0.</param>
    public nint Texts(IReadOnlyList<string> texts, nint last = 0)
    {
        nint[] pointers = new nint[texts.Count + (last == 0 ? 1 : 2)];
        for (int i = 0; i < texts.Count; i++)
        {
            pointers[i] = Text(texts[i]);
        }

        if (last != 0) pointers[texts.Count] = last;

        return memory.Add<nint>(pointers);
    }

    /// <summary>Adds an operation. <paramref name="tolerated"/> is an error that is none; it leaves out
    /// <paramref name="skip"/> operations that follow.</summary>
    public void Add(
        OperationKind kind,
        LaunchStep step,
        ReadOnlySpan<LaunchArgument> arguments,
        LaunchSlot? result = null,
        Errno tolerated = Errno.None,
        int skip = 0,
        int number = 0)
    {
        LaunchOperation operation = new()
        {
            Kind = kind,
            Number = number,
            Result = result?.Index ?? -1,
            Tolerated = (int)tolerated,
            Skip = skip,
        };
        nint* first = &operation.A;
        for (int i = 0; i < arguments.Length; i++)
        {
            first[i] = arguments[i].Value;
            if (arguments[i].IsSlot) operation.SlotArguments |= 1 << i;
        }

        operations.Add(operation);
        steps.Add(step);
    }

    /// <summary>Adds one system call.</summary>
    public void Call(
        int number,
        LaunchStep step,
        ReadOnlySpan<LaunchArgument> arguments,
        LaunchSlot? result = null,
        Errno tolerated = Errno.None,
        int skip = 0) => Add(OperationKind.Call, step, arguments, result, tolerated, skip, number);

    /// <summary>Goes on in a sibling of the process, whose id <see cref="ForkedPid"/> is from then on.</summary>
    public void Fork(LaunchStep step, ulong flags)
    {
        sibling ??= new SharedNumber();
        Add(OperationKind.Fork, step, [(nint)flags, sibling.Address]);
    }

    /// <summary>From here on no other process may trace this one or open its descriptors (CVE-2016-9962). New credentials
    /// may undo it.</summary>
    public void SetUndumpable() => Call(
        SystemCallNumber.prctl, new LaunchStep("prctl", "PR_SET_DUMPABLE", "0"),
        [Credentials.PR_SET_DUMPABLE, 0, 0, 0, 0]);

    /// <summary>Closes a descriptor that is needed no longer.</summary>
    public void Close(LaunchSlot slot) => Call(SystemCallNumber.close, new LaunchStep("close", null, null), [slot]);

    /// <summary>Copies the plan to where the child finds it; nothing can be added after.</summary>
    /// <param name="channel">The child's end of the channel to its parent.</param>
    /// <param name="parentEnd">The other end, which the child closes.</param>
    public LaunchContext* Seal(int channel, int parentEnd)
    {
        LaunchContext context = new()
        {
            Operations = (LaunchOperation*)memory.Add<LaunchOperation>(CollectionsMarshal.AsSpan(operations)),
            Count = operations.Count,
            SlotCount = slots.Count,
            Slots = (int*)memory.Add<int>(CollectionsMarshal.AsSpan(slots)),
            Channel = channel,
            ParentEnd = parentEnd,
        };
        return (LaunchContext*)memory.Add<LaunchContext>(new ReadOnlySpan<LaunchContext>(in context));
    }

    /// <summary>The plan, one operation a line.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        int line = 0;
        foreach (LaunchStep step in steps)
        {
            if (step.Operation == "close") continue;
            text.Append(CultureInfo.InvariantCulture, $"{++line,4}  {step.Operation,-18}");
            text.Append(step.Subject);
            if (step.Detail is not null) text.Append("  ").Append(step.Detail);
            while (text[^1] == ' ') text.Length--;
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileDescriptor descriptor in owned)
        {
            descriptor.Dispose();
        }

        owned.Clear();
        sibling?.Dispose();
        memory.Dispose();
    }
}
