using Container.Native.Files;
using Container.Native.Monitor;
using Container.Native.Syscalls;
using Container.Native.Trust;
using Tmds.Linux;
using Xunit;

namespace Container.Native.Tests.Monitor;

public sealed unsafe class JournalSocketTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("psrun-journal-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void AnEntryTooLargeForADatagramGoesAsASealedFile()
    {
        using FileDescriptor journal = Listen("socket");
        using JournalSocket socket = JournalSocket.Connect($"{directory}/socket");
        byte[] entry = new byte[8 * 1024 * 1024];
        Random.Shared.NextBytes(entry);
        Assert.Equal(Errno.None, socket.Send(entry));

        (byte[] payload, FileDescriptor? file) = Receive(journal);
        Assert.Empty(payload);
        Assert.NotNull(file);
        using (file)
        {
            Assert.Equal(Memfd.AllSeals, FileCalls.fcntl(file.Number, Memfd.F_GET_SEALS, 0));
            Assert.Equal(0, FileCalls.lseek(file.Number, 0, FileCalls.SEEK_SET));
            Assert.Equal(entry, FileCalls.ReadAll(file, entry.Length + 1, "entry"));
        }
    }

    [Fact]
    public void ASmallEntryIsADatagram()
    {
        using FileDescriptor journal = Listen("socket");
        using JournalSocket socket = JournalSocket.Connect($"{directory}/socket");
        Assert.Equal(Errno.None, socket.Send("MESSAGE=text\n"u8));
        (byte[] payload, FileDescriptor? file) = Receive(journal);
        Assert.Equal("MESSAGE=text\n"u8, payload);
        Assert.Null(file);
    }

    /// <summary>What root's containers say is for who listens in a place that only root can fill.</summary>
    [Fact]
    public void ASocketThatAnotherUserCouldHaveMadeIsNoneOfRoots()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: another user's directory");
        using FileDescriptor journal = Listen("socket");
        using RootDirectory host = RootDirectory.Open("/");
        host.SetMode($"{directory}/socket", 0x1B6);
        JournalSocket.Connect($"{directory}/socket").Dispose();
        host.SetOwner(directory, 61234, 61234);
        Assert.Throws<UntrustedPathException>(() => JournalSocket.Connect($"{directory}/socket"));
    }

    [Fact]
    public void AFullJournalIsToldOfAndPollSaysWhenThereIsRoom()
    {
        using FileDescriptor journal = Listen("socket");
        using JournalSocket socket = JournalSocket.Connect($"{directory}/socket");
        Errno errno = Errno.None;
        for (int count = 0; errno == Errno.None && count < 100_000; count++) errno = socket.Send("MESSAGE=text\n"u8);
        Assert.Equal(Errno.EAGAIN, errno);
        Assert.Equal(0, Polling.Wait(socket.Descriptor.Number, Polling.POLLOUT, -1, 0));
        while (Polling.Wait(journal.Number, Polling.POLLIN, -1, 0) != 0) Receive(journal);
        Assert.Equal(1, Polling.Wait(socket.Descriptor.Number, Polling.POLLOUT, -1, 20_000));
        Assert.Equal(Errno.None, socket.Send("MESSAGE=text\n"u8));
    }

    [Fact]
    public void AJournalThatListensAgainIsFoundAgain()
    {
        using JournalSocket socket = Connected(Listen("socket"));
        Assert.Equal(Errno.ECONNREFUSED, socket.Send("MESSAGE=1\n"u8));
        File.Delete($"{directory}/socket");
        Assert.Equal(Errno.ENOENT, socket.Send("MESSAGE=2\n"u8));
        using FileDescriptor again = Listen("socket");
        Assert.Equal(Errno.None, socket.Send("MESSAGE=3\n"u8));
        Assert.Equal("MESSAGE=3\n"u8, Receive(again).Payload);
    }

    [Fact]
    public void APathTooLongForASocketIsRefused()
    {
        SystemCallException failure = Assert.Throws<SystemCallException>(
            () => JournalSocket.Connect($"{directory}/{new string('a', 100)}"));
        Assert.Equal(Errno.ENAMETOOLONG, failure.Errno);
    }

    private JournalSocket Connected(FileDescriptor journal)
    {
        using (journal)
        {
            return JournalSocket.Connect($"{directory}/socket");
        }
    }

    private FileDescriptor Listen(string name)
    {
        FileDescriptor socket = new(SystemCallException.Check(
            SocketCalls.socket(SocketCalls.AF_UNIX, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_CLOEXEC, 0), "socket"));
        using FileDescriptor parent = FileCalls.Open(directory, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        sockaddr_un address = UnixAddress.In(parent, name);
        SystemCallException.Check(SocketCalls.bind(socket.Number, &address, (uint)sizeof(sockaddr_un)), "bind");
        return socket;
    }

    private static (byte[] Payload, FileDescriptor? File) Receive(FileDescriptor journal)
    {
        byte[] buffer = new byte[65536];
        byte* control = stackalloc byte[64];
        MessageHeader message;
        MessageVector vector;
        fixed (byte* start = buffer)
        {
            vector.Base = start;
            vector.Length = (nuint)buffer.Length;
            MessageHeader.Initialize(&message, &vector);
            message.Control = control;
            message.ControlLength = 64;
            int length = (int)SystemCallException.Check(
                SocketCalls.recvmsg(journal.Number, &message, SocketCalls.MSG_CMSG_CLOEXEC | SocketCalls.MSG_DONTWAIT), "recvmsg");
            FileDescriptor? file = message.ControlLength < (nuint)sizeof(ControlHeader)
                ? null
                : new FileDescriptor(*(int*)((ControlHeader*)control + 1));
            return (buffer[..length], file);
        }
    }
}
