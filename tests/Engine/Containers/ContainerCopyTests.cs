using Container.Engine.Catalog;
using Container.Engine.Errors;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Tests.Images;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>Copies between the host and containers that do not run.</summary>
public sealed class ContainerCopyTests
{
    private const long Large = 3L << 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Holes_stay_holes_in_a_copy_and_in_a_commit()
    {
        using TestEngine test = new();
        ContainerRecord made = Make(test);
        string sparse = Path.Combine(test.Root, "sparse");
        using (FileStream file = File.Create(sparse))
        {
            file.SetLength(Large);
            file.Position = 1 << 30;
            file.WriteByte(7);
        }

        test.Containers.CopyTo(made.Id, sparse, "/sparse", cancellation: Cancellation);
        string back = test.Containers.CopyFrom(
            made.Id, "/sparse", Path.Combine(test.Root, "back"), cancellation: Cancellation);
        ImageRecord image = test.Containers.Commit(made.Id, cancellation: Cancellation);
        string layer = test.Engine.Images.GetLayerDirectories(image)[0];
        foreach (string path in (string[])[back, Path.Combine(layer, "sparse")])
        {
            using RootDirectory root = RootDirectory.Open(Path.GetDirectoryName(path)!);
            FileMetadata metadata = root.GetMetadata(Path.GetFileName(path));
            Assert.Equal(Large, metadata.Size);
            Assert.True(metadata.Allocated <= 1 << 16, $"{path}: {metadata.Allocated} bytes on the disk");
        }
    }

    [Fact]
    public void An_interrupted_copy_leaves_what_was_there()
    {
        using TestEngine test = new();
        ContainerRecord made = Make(test);
        string source = Path.Combine(test.Root, "large");
        using (FileStream file = File.Create(source))
        {
            byte[] block = new byte[1 << 20];
            Array.Fill(block, (byte)1);
            for (int i = 0; i < 64; i++) file.Write(block);
        }

        string target = Path.Combine(test.Root, "target");
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "large"), "before");
        test.Containers.CopyTo(made.Id, source, "/large", cancellation: Cancellation);
        Assert.ThrowsAny<OperationCanceledException>(() => Interrupt(token => test.Containers.CopyFrom(
            made.Id, "/large", target, progress: token.Report, cancellation: token.Token)));
        Assert.Equal("before", File.ReadAllText(Path.Combine(target, "large")));
        Assert.Equal([Path.Combine(target, "large")], Directory.EnumerateFileSystemEntries(target));

        Assert.ThrowsAny<OperationCanceledException>(() => Interrupt(token => test.Containers.CopyTo(
            made.Id, source, "/other", progress: token.Report, cancellation: token.Token)));
        Assert.Equal(
            [new LayerChange("/large", ChangeKind.Added)], test.Containers.GetChanges(made.Id, Cancellation));

        using CancellationTokenSource stop = new();
        using InterruptedStream endless = new(stop);
        test.Containers.WriteItem(made.Id, "/written", new MemoryStream([1]), cancellation: Cancellation);
        Assert.ThrowsAny<OperationCanceledException>(
            () => test.Containers.WriteItem(made.Id, "/written", endless, cancellation: stop.Token));
        string back = test.Containers.CopyFrom(made.Id, "/written", target, cancellation: Cancellation);
        Assert.Equal([1], File.ReadAllBytes(back));
    }

    [Fact]
    public void A_device_is_refused_by_name_and_left_out_of_a_tree_with_a_warning()
    {
        TestUser.RequireRoot("device nodes");
        using TestEngine test = new();
        test.Import("devices:1", new TarBuilder().Directory("./").Directory("d/").Node("d/null", '3', 1, 3)
            .Node("d/fifo", '6', 0, 0).File("d/f", "f"));
        ContainerRecord made = test.Make(new() { Image = "devices:1", Command = "x" });
        EngineException failure = Assert.Throws<EngineException>(
            () => test.Containers.CopyFrom(made.Id, "/d/null", test.Root, cancellation: Cancellation));
        Assert.Contains("-IncludeSpecial", failure.Message, StringComparison.Ordinal);

        List<string> warnings = [];
        using (EngineWarning.Hear(warnings.Add))
        {
            test.Containers.CopyFrom(
                made.Id, "/d", Path.Combine(test.Root, "out"), new() { Recurse = true }, cancellation: Cancellation);
        }

        Assert.Contains("/d/null", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(
            ["f", "fifo"], Directory.EnumerateFileSystemEntries(Path.Combine(test.Root, "out")).Select(Path.GetFileName).Order());
        Assert.Equal("f", File.ReadAllText(Path.Combine(test.Root, "out", "f")));
    }

    private static ContainerRecord Make(TestEngine test)
    {
        test.Import("copy:1", new TarBuilder().Directory("./"));
        return test.Make(new() { Image = "copy:1", Command = "x" });
    }

    private static void Interrupt(Action<Interruption> action)
    {
        using Interruption interruption = new();
        action(interruption);
    }

    // Cancels as soon as something was copied.
    private sealed class Interruption : IDisposable
    {
        private readonly CancellationTokenSource stop = new();

        public CancellationToken Token => stop.Token;

        public void Report(long bytes) => stop.Cancel();

        public void Dispose() => stop.Dispose();
    }

    private sealed class InterruptedStream(CancellationTokenSource stop) : MemoryStream(new byte[1])
    {
        private int reads;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (++reads > 2) stop.Cancel();
            return buffer.Length;
        }
    }
}
