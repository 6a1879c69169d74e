using System.Text;
using Container.Native.Files;
using Container.Native.Mounts;
using Container.Native.Sockets;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Files;

/// <summary>A root that another process reaches for us, here another thread.</summary>
public sealed class FileAgentTests : IDisposable
{
    private readonly string place = Directory.CreateTempSubdirectory("psc-agent-").FullName;
    private readonly Thread server;
    private readonly PacketSocket serverSocket;
    private readonly FileAgent agent;

    public FileAgentTests()
    {
        (PacketSocket ours, PacketSocket theirs) = PacketSocket.CreatePair();
        serverSocket = theirs;
        server = new Thread(() => new FileAgentServer(theirs).Run());
        server.Start();
        agent = new FileAgent(ours);
    }

    public void Dispose()
    {
        agent.Dispose();
        Assert.True(server.Join(Poll.Patience));
        serverSocket.Dispose();

        // Some of the names are none to .NET.
        using RootDirectory parent = RootDirectory.Open(Path.GetDirectoryName(place)!);
        parent.Remove(Path.GetFileName(place));
    }

    [Fact]
    public void Files_are_made_read_and_removed()
    {
        using RootDirectory root = agent.OpenRoot(place);
        Assert.True(root.IsReachedByAgent);
        root.MakeDirectories("a/b", 0x1ED);
        root.MakeDirectory("a/c", 0x1C0);
        using (FileDescriptor file = root.CreateFile("a/b/f", 0x180))
        {
            file.Write("text"u8, "f");
            file.SetMode(0x1A4, "f");
            file.SetTimes(new FileTime(1234, 5), "f");
            file.SetXattr("user.one", "1"u8, "f");
            Assert.Equal(0x1A4u, file.GetMetadata("f").Mode);
        }

        Assert.Equal("text", Encoding.UTF8.GetString(root.ReadFile("/a/b/f", 100)));
        root.Symlink("b/f", "a/link");
        Assert.Equal("b/f", root.ReadLink("a/link"));
        Assert.Equal(FileKind.File, root.GetTargetMetadata("a/link").Kind);
        Assert.Equal(new FileTime(1234, 5), root.GetTargetMetadata("a/link").ModifiedAt);
        root.HardLink("a/b/f", "a/second");
        Assert.Equal(2u, root.GetMetadata("a/second").LinkCount);
        root.Rename("a/second", "a/third");
        root.MakeNode("a/fifo", FileKind.Fifo, 0x180);
        root.SetXattr("a/c", "user.two", "22"u8);
        Assert.Equal("22", Encoding.UTF8.GetString(Assert.Single(root.GetXattrs("a/c")).Value));
        root.WriteFile("a/third", "more"u8);
        Assert.Equal(["b", "c", "fifo", "link", "third"], root.Enumerate("a").Select(entry => entry.Name).Order());
        Assert.False(root.RemoveIfEmpty("a"));
        using (RootDirectory below = root.OpenRoot("a"))
        {
            Assert.True(below.IsReachedByAgent);
            below.Remove("b");
        }

        root.Remove("a");
        Assert.Null(root.FindMetadata("a"));
    }

    [Fact]
    public void Nothing_leads_out_of_it()
    {
        using RootDirectory root = agent.OpenRoot(place);
        root.Symlink("/etc", "out");
        root.Symlink("../../../../etc/hostname", "up");
        Assert.Equal(Errno.ENOENT, Assert.Throws<SystemCallException>(() => root.OpenFile("out/hostname")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<SystemCallException>(() => root.OpenFile("up")).Errno);
    }

    [Fact]
    public void A_failure_says_what_it_would_have_said_here()
    {
        using RootDirectory here = RootDirectory.Open(place);
        using RootDirectory there = agent.OpenRoot(place);
        foreach (Action<RootDirectory> action in (Action<RootDirectory>[])
        [
            root => root.OpenFile("none"), root => root.MakeDirectory("none/x", 0x1C0), root => root.SetMode("none", 0),
            root => root.Rename("none", "other"), root => root.ReadLink("."), root => root.CreateFile("..", 0x180),
        ])
        {
            SystemCallException expected = Assert.Throws<SystemCallException>(() => action(here));
            SystemCallException actual = Assert.Throws<SystemCallException>(() => action(there));
            Assert.Equal(expected.Message, actual.Message);
        }
    }

    [Fact]
    public void Many_attributes_come_whole()
    {
        using RootDirectory root = agent.OpenRoot(place);
        root.MakeDirectory("d", 0x1C0);
        byte[] value = new byte[1000];
        try
        {
            for (int i = 0; i < 3; i++) root.SetXattr("d", $"user.n{i}", value);
        }
        catch (SystemCallException failure) when (failure.Errno is Errno.ENOSPC or Errno.EOPNOTSUPP)
        {
            Assert.Skip("the file system has no room for attributes");
        }

        Assert.Equal(3, root.GetXattrs("d").Count);
        KeyValuePair<string, byte[]>[] many =
            [.. Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"user.{i}", new byte[i]))];
        List<KeyValuePair<string, byte[]>> parsed = FileXattrList.Parse(FileXattrList.Write(many));
        Assert.Equal(many.Select(pair => (pair.Key, pair.Value.Length)), parsed.Select(pair => (pair.Key, pair.Value.Length)));
    }

    [Fact]
    public void Names_that_are_no_text_survive()
    {
        using RootDirectory root = agent.OpenRoot(place);
        string name = PathText.Decode([0xFF, (byte)'x']);
        root.MakeDirectory(name, 0x1C0);
        root.Symlink(name, "link");
        Assert.Equal(name, root.ReadLink("link"));
        Assert.Equal(FileKind.Directory, root.GetMetadata(name).Kind);
    }

    [Fact]
    public void One_that_has_gone_is_noticed()
    {
        using RootDirectory root = agent.OpenRoot(place);
        serverSocket.Shutdown();
        Assert.Equal(Errno.ECONNRESET, Assert.Throws<SystemCallException>(() => root.GetMetadata("/")).Errno);
        Assert.False(agent.IsAlive);
    }
}
