using Container.Native.Syscalls;

namespace Container.Native.Launch;

/// <summary>The child's side of the socket to its parent: sendmsg(2), recvmsg(2) and unix(7) descriptors.</summary>
internal static unsafe partial class LaunchRunner
{
    private const int DescriptorLimit = 253;

    private static long Notify(LaunchContext* context, int code, int index, int errno, int descriptor)
    {

        LaunchReport* report = stackalloc LaunchReport[1];
        report->Code = code;
        report->Index = index;
        report->Errno = errno;
        report->Reserved = 0;
        MessageVector* vector = stackalloc MessageVector[1];
        vector->Base = (byte*)report;
        vector->Length = (nuint)sizeof(LaunchReport);
        ControlHeader* control = stackalloc ControlHeader[2];
        MessageHeader* message = stackalloc MessageHeader[1];
        MessageHeader.Initialize(message, vector);
        if (descriptor >= 0)
        {
            control->Length = (nuint)(sizeof(ControlHeader) + sizeof(int));
            control->Level = MessageHeader.SOL_SOCKET;
            control->Type = MessageHeader.SCM_RIGHTS;
            *(int*)(control + 1) = descriptor;
            message->Control = (byte*)control;
            message->ControlLength = (nuint)(sizeof(ControlHeader) + sizeof(long));
        }

        long result;
        do
        {
            result = RawCall.Invoke(
                SystemCallNumber.sendmsg, context->Channel, (nint)message, SocketCalls.MSG_NOSIGNAL, 0, 0, 0);
        }
        while (result == -(long)Errno.EINTR);

        return result < 0 ? result : 0;
    }

    private static long WaitForParent(LaunchContext* context, int firstSlot, int count)
    {

        byte* release = stackalloc byte[1];
        MessageVector* vector = stackalloc MessageVector[1];
        vector->Base = release;
        vector->Length = 1;
        byte* control = stackalloc byte[sizeof(ControlHeader) + (DescriptorLimit + 1) * sizeof(int)];
        MessageHeader* message = stackalloc MessageHeader[1];
        MessageHeader.Initialize(message, vector);
        message->Control = control;
        message->ControlLength = (nuint)(sizeof(ControlHeader) + (DescriptorLimit + 1) * sizeof(int));

        long result;
        do
        {
            result = RawCall.Invoke(
                SystemCallNumber.recvmsg, context->Channel, (nint)message, SocketCalls.MSG_CMSG_CLOEXEC, 0, 0, 0);
        }
        while (result == -(long)Errno.EINTR);

        if (result < 0) return result;

        // End of file: the parent gave up or died, and nobody is left to tell.
        if (result == 0) Exit(1);

        ControlHeader* header = (ControlHeader*)control;
        int received = 0;
        if (message->ControlLength >= (nuint)sizeof(ControlHeader) && header->Type == MessageHeader.SCM_RIGHTS)
        {
            received = (int)((header->Length - (nuint)sizeof(ControlHeader)) / sizeof(int));
        }

        if (received != count) return -(long)Errno.EPROTO;
        int* descriptors = (int*)(header + 1);
        for (int i = 0; i < count; i++)
        {
            context->Slots[firstSlot + i] = descriptors[i];
        }

        return 0;
    }

    /// <summary>
    /// The filter is in force: what it lets the supervisor answer would wait for a supervisor that does not have the
    /// descriptor yet. So only write(2) is used, which no rule may hand over, and the parent fetches the descriptor with
    /// pidfd_getfd(2); runc does the same. Where that is not permitted, sendmsg(2) has to do.
    /// </summary>
    private static long HandOverListener(LaunchContext* context, int listener)
    {
        LaunchReport* report = stackalloc LaunchReport[1];
        report->Code = LaunchReport.Listener;
        report->Index = 0;
        report->Errno = listener;
        report->Reserved = 0;
        long result = RawCall.Invoke(
            SystemCallNumber.write, context->Channel, (nint)report, sizeof(LaunchReport), 0, 0, 0);
        byte* answer = stackalloc byte[1];
        while (result > 0)
        {
            result = RawCall.Invoke(SystemCallNumber.read, context->Channel, (nint)answer, 1, 0, 0, 0);
            if (result == -(long)Errno.EINTR) result = 1;
            else if (result == 0) Exit(1);
            else if (result > 0 && *answer == LaunchReport.Continue) return 0;
            else if (result > 0) result = Notify(context, LaunchReport.Listener, 0, listener, listener) + 1;
        }

        return result;
    }

    private static long KeepChannel(LaunchContext* context, int number)
    {

        // dup3(2) refuses to put a descriptor where it is.
        long result = context->Channel == number
            ? RawCall.Invoke(SystemCallNumber.fcntl, number, FileCalls.F_SETFD, 0, 0, 0, 0)
            : RawCall.Invoke(SystemCallNumber.dup3, context->Channel, number, 0, 0, 0, 0);
        if (result >= 0) context->Channel = number;
        return result;
    }

    private static long AwaitStart(LaunchContext* context, int listener, int signals)
    {

        // Who made the container knows that it is there, and goes.
        RawCall.Invoke(SystemCallNumber.close, context->Channel);
        context->Channel = -1;
        AwaitConnection(listener, signals);
        long peer;
        do
        {
            peer = RawCall.Invoke(SystemCallNumber.accept4, listener, 0, 0, SocketCalls.SOCK_CLOEXEC, 0, 0);
        }
        while (peer is -(long)Errno.EINTR or -(long)Errno.ECONNABORTED);

        if (peer < 0) return peer;
        context->Channel = (int)peer;
        return SetMask(0);
    }

    /// <summary>Returns when somebody has connected, or a filter forbids to wait for more than that.</summary>
    private static void AwaitConnection(int listener, int signals)
    {
        const int SignalSize = 128;
        const long Readable = 1;

        uint* signal = stackalloc uint[SignalSize / sizeof(uint)];
        long* entries = stackalloc long[2];
        while (true)
        {
            // struct pollfd: the descriptor, the events that are wanted, POLLIN, and those that came.
            entries[0] = (uint)listener | (Readable << 32);
            entries[1] = (uint)signals | (Readable << 32);
            long result = RawCall.Invoke(SystemCallNumber.ppoll, (nint)entries, 2);
            if (result == -(long)Errno.EINTR) continue;
            if (result < 0 || entries[1] >> 48 == 0) return;

            // As if its default action had ended us, which it does not with the first process of a pid namespace.
            result = RawCall.Invoke(SystemCallNumber.read, signals, (nint)signal, SignalSize);
            if (result > 0) Exit(128 + (int)*signal);
            return;
        }
    }
}
