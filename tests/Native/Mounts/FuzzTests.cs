using System.Runtime.InteropServices;
using System.Text;
using Container.Native.Files;
using Container.Native.Mounts;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

/// <summary>What an agent for files and its client say to each other: an answer or a failure with an error number, whatever came.</summary>
public sealed class FuzzTests
{
    private const int LongestAnswer = 20_000;

    [Fact]
    public void A_packet_of_a_client_is_answered()
    {
        string place = Directory.CreateTempSubdirectory("psc-fuzz-").FullName;
        (PacketSocket ours, PacketSocket theirs) = PacketSocket.CreatePair();
        Exception? end = null;
        Thread server = new(() => end = Record.Exception(() => new FileAgentServer(theirs).Run())) { IsBackground = true };
        server.Start();
        try
        {
            using FileDescriptor root = FileCalls.Open(place, FileCalls.O_PATH | FileCalls.O_DIRECTORY);
            FilePacket answer = new();
            Fuzzer.Run([.. Requests()], packet =>
            {
                if (packet.Length is 0 or > PacketSocket.MaximumLength) return;
                ours.Send(packet, root.Number);
                List<FileDescriptor> opened = [];
                Assert.True(ours.Poll(LongestAnswer), $"no answer: {end}");
                answer.Parse(ours.Receive(answer.Buffer, opened));
                foreach (FileDescriptor one in opened) one.Dispose();
            }, static _ => false);
        }
        finally
        {
            ours.Dispose();
            server.Join(Poll.Patience);
            theirs.Dispose();
            using RootDirectory parent = RootDirectory.Open(Path.GetDirectoryName(place)!);
            parent.Remove(Path.GetFileName(place));
        }

        Assert.Null(end);
    }

    [Fact]
    public void An_answer_of_the_agent_is_read_or_refused()
    {
        (PacketSocket ours, PacketSocket theirs) = PacketSocket.CreatePair();
        using FileAgent agent = new(ours);
        using FileDescriptor root = FileCalls.Open("/", FileCalls.O_PATH | FileCalls.O_DIRECTORY);
        using RootDirectory reached = RootDirectory.FromDescriptor(root.Duplicate(), agent);
        Action[] questions =
        [
            () => reached.ReadStatus("a"), () => reached.GetXattrs("a"), () => reached.ReadLink("a"),
            () => reached.RemoveIfEmpty("a"), () => reached.SetMode("a", 0), () => reached.Resolve("a", 0, 0, "open").Dispose(),
        ];
        byte[] request = new byte[PacketSocket.MaximumLength];
        using (theirs)
        {
            // The answer is there before the question.
            Fuzzer.Run([.. Answers()], answer =>
            {
                if (answer.Length is 0 or > PacketSocket.MaximumLength) return;
                foreach (Action ask in questions)
                {
                    List<FileDescriptor> sent = [];
                    theirs.Send(answer, answer[^1] % 2 == 0 ? [] : [root.Number]);
                    try
                    {
                        ask();
                    }
                    catch (SystemCallException)
                    {
                        // As it should.
                    }

                    theirs.Receive(request, sent);
                    foreach (FileDescriptor one in sent) one.Dispose();
                }
            }, static _ => false);
        }
    }

    private static IEnumerable<byte[]> Requests()
    {
        int directory = FileCalls.O_PATH | FileCalls.O_DIRECTORY;
        int made = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NONBLOCK;
        yield return Packet(FileRequest.MakeDirectories, "a/b", [], 0x1ED);
        yield return Packet(FileRequest.MakeDirectory, "a/c", [], 0x1C0);
        yield return Packet(FileRequest.OpenEntry, "a/f", "open"u8, made, 0x180);
        yield return Packet(FileRequest.Resolve, "a", "open"u8, directory, 0);
        yield return Packet(FileRequest.Symlink, "a/link", "b/f"u8);
        yield return Packet(FileRequest.HardLink, "a/f", "a/second"u8);
        yield return Packet(FileRequest.Rename, "a/second", "a/third"u8, 1);
        yield return Packet(FileRequest.MakeNode, "a/fifo", [], (long)FileKind.Fifo, 0x180, 0, 0);
        yield return Packet(FileRequest.ReadLink, "a/link", []);
        yield return Packet(FileRequest.ReadStatus, "a/f", []);
        yield return Packet(FileRequest.SetOwner, "a/f", [], 0, 0);
        yield return Packet(FileRequest.SetMode, "a/f", [], 0x1A4);
        yield return Packet(FileRequest.SetTimes, "a/f", [], 1234, 5);
        yield return Packet(FileRequest.SetXattr, "a/f", "user.one\u00001"u8);
        yield return Packet(FileRequest.GetXattrs, "a/f", []);
        yield return Packet(FileRequest.RemoveIfEmpty, "a", []);
        yield return Packet(FileRequest.Remove, "a/c", []);
        yield return Packet(FileRequest.ReadFileStatus, "a", []);
        yield return Packet(FileRequest.SetFileXattr, "a", "user.two\u00002"u8);
        yield return Packet(FileRequest.SetFileTimes, "a", [], 1234, 5);
        yield return Packet(FileRequest.OpenLayers, "", "\u0000/usr\u0000/etc"u8);
    }

    private static IEnumerable<byte[]> Answers()
    {
        using RootDirectory root = RootDirectory.Open("/usr");
        FileStatus status = root.ReadStatus("bin");
        FilePacket packet = new();
        packet.Begin(0, "");
        packet.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<FileStatus>(in status)));
        yield return packet.Bytes.ToArray();
        yield return Packet(0, "", FileXattrList.Write([new("user.one", [1, 2]), new("user.two", new byte[300])]));
        yield return Packet(0, "", Encoding.UTF8.GetBytes("../target"));
        yield return Packet((FileRequest)Errno.ENOENT, "openat", "a/b"u8);
        yield return Packet(0, "", [], 1);
        yield return Packet(0, "", []);
    }

    private static byte[] Packet(FileRequest request, string path, ReadOnlySpan<byte> data, params ReadOnlySpan<long> numbers)
    {
        FilePacket packet = new();
        packet.Begin((int)request, path, numbers);
        packet.Add(data);
        return packet.Bytes.ToArray();
    }
}
