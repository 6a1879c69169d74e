using System.Text;
using Container.Native.Files;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

/// <summary>A root of its own under /tmp, and beside it a directory that nothing may reach.</summary>
internal sealed class RootFixture : IDisposable
{
    public RootFixture(bool walk, string parent = "/tmp")
    {
        Base = Path.Combine(parent, "pscontainer-root-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Inside);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret"), "outside");
        Root = RootDirectory.Open(Inside, walk);
    }

    public string Base { get; }

    public string Inside => Path.Combine(Base, "inside");

    public string Outside => Path.Combine(Base, "outside");

    public RootDirectory Root { get; }

    public string Read(string path) => Encoding.UTF8.GetString(Root.ReadFile(path, 100));

    public void Write(string path, string content) => Root.WriteFile(path, Encoding.UTF8.GetBytes(content));

    public static Errno Fails(Action action) => Assert.Throws<SystemCallException>(action).Errno;

    public void AssertOutsideUntouched()
    {
        Assert.Equal([Path.Combine(Outside, "secret")], Directory.EnumerateFileSystemEntries(Outside));
        Assert.Equal("outside", File.ReadAllText(Path.Combine(Outside, "secret")));
    }

    public void Dispose()
    {
        Root.Dispose();
        using RootDirectory parent = RootDirectory.Open(Path.GetDirectoryName(Base)!);
        parent.Remove(Path.GetFileName(Base));
    }
}
