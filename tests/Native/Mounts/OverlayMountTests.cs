using System.Text;
using Container.Native.Files;
using Container.Native.Mounts;
using Container.Native.Syscalls;
using Xunit;

namespace Container.Native.Tests.Mounts;

/// <summary>
/// Both ways to put layers together: as descriptors, which Linux 6.15 takes, and by names in a mount namespace. The guest
/// of tests/Conformance/uml has a kernel that takes names only.
/// </summary>
public sealed class OverlayMountTests : IDisposable
{
    private readonly string place = $"/dev/shm/container-overlay-{Guid.NewGuid():N}";

    public void Dispose()
    {
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(60, true)]
    public void Layers_show_the_topmost_and_take_changes(int count, bool byName)
    {
        (string[] lower, string changes) = MakeLayers(count);
        OnOwnThread(() =>
        {
            string directory = Environment.CurrentDirectory;
            using FileDescriptor overlay = byName ? CreateByName(lower, changes) : OverlayMount.Create(lower, changes, null);
            Check(overlay, count, changes);
            Assert.Equal(directory, Path.GetFullPath(new DirectoryInfo("/proc/thread-self/cwd").LinkTarget!));
        });
        Assert.DoesNotContain(place, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_way_can_make_is_an_error_and_leaves_the_thread_where_it_was()
    {
        (string[] lower, _) = MakeLayers(2);
        OnOwnThread(() =>
        {
            string before = new FileInfo("/proc/thread-self/ns/mnt").LinkTarget!;
            Directory.CreateDirectory($"{place}/without");
            Assert.Throws<SystemCallException>(() => OverlayMount.Create(lower, $"{place}/without", null).Dispose());
            Assert.Equal(before, new FileInfo("/proc/thread-self/ns/mnt").LinkTarget);
        });
    }

    private static FileDescriptor CreateByName(string[] lower, string changes)
    {
        List<FileDescriptor> layers = [.. lower.Select(path => DetachedMount.Clone(path, recursive: false))];
        using FileDescriptor upper = DetachedMount.Clone(changes, recursive: false);
        try
        {
            return new OverlayLayers(layers, upper, null).AssembleByName();
        }
        finally
        {
            layers.ForEach(layer => layer.Dispose());
        }
    }

    private static void Check(FileDescriptor overlay, int count, string changes)
    {
        using RootDirectory root = RootDirectory.FromDescriptor(overlay.Duplicate());
        Assert.Equal("0", Read("/same"));
        for (int i = 0; i < count; i++) Assert.Equal($"{i}", Read($"/own{i}"));
        root.WriteFile("new", "text"u8.ToArray());
        Assert.Equal("text", File.ReadAllText($"{changes}/upper/new"));

        string Read(string path) => Encoding.ASCII.GetString(root.ReadFile(path, 100));
    }

    // The thread has its own working directory afterwards, which no other test is to get.
    private static void OnOwnThread(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException(failure.Message, failure);
    }

    private (string[] Lower, string Changes) MakeLayers(int count)
    {
        if (!Environment.IsPrivilegedProcess) Assert.Skip("needs root");
        string[] lower = [.. Enumerable.Range(0, count).Select(i => Directory.CreateDirectory($"{place}/{i}").FullName)];
        for (int i = 0; i < count; i++)
        {
            File.WriteAllText($"{lower[i]}/same", $"{i}");
            File.WriteAllText($"{lower[i]}/own{i}", $"{i}");
        }

        Directory.CreateDirectory($"{place}/changes/upper");
        Directory.CreateDirectory($"{place}/changes/work");
        return (lower, $"{place}/changes");
    }
}
