using System.Diagnostics;
using System.Security.Cryptography;
using Container.Engine.Catalog;
using Container.Engine.Files;
using Container.Engine.Images;
using Container.Engine.Tests.Containers;
using Xunit;

namespace Container.Engine.Tests.Images;

/// <summary>Ctrl+C in what takes long is heard at once, and leaves nothing.</summary>
public sealed class InterruptionTests
{
    private const int Size = 400 << 20;

    // 200 ms for the user; the tests share their machine with others. It was 10 seconds and more.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(ArchiveCoding.Gzip)]
    [InlineData(ArchiveCoding.Zstd)]
    public async Task An_export_ends_when_it_is_cancelled(ArchiveCoding coding)
    {
        using TestEngine test = new();
        string source = Directory.CreateDirectory(Path.Combine(test.Root, "source")).FullName;
        WriteLarge(Path.Combine(source, "large"));

        ImageRecord image = test.Engine.Images.ImportRootFs(
            source, "large:1", cancellation: TestContext.Current.CancellationToken);
        ContainerRecord made = test.Make(new() { Image = "large:1", Command = "x" });
        string outside = Directory.CreateDirectory(Path.Combine(test.Root, "outside")).FullName;
        string archive = Path.Combine(outside, "out.tar");
        await Interrupt(outside, token => test.Containers.Export(made.Id, archive, coding, cancellation: token));
        await Interrupt(outside, token => test.Engine.Images.Export(
            [image], archive, ImageArchiveFormat.DockerArchive, coding, cancellation: token));
        string temporary = Path.Combine(test.Options.StateRoot!, "images", "tmp");
        await Interrupt(temporary, token => test.Engine.Images.Export(
            [image], archive, ImageArchiveFormat.OciArchive, coding, cancellation: token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    private static async Task Interrupt(string directory, Action<CancellationToken> export)
    {
        using CancellationTokenSource stop = new();
        Task work = Task.Factory.StartNew(
            () => export(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // In the middle of the content.
        Poll.Until(
            () => work.IsCompleted || Directory.EnumerateFiles(directory).Any(file => new FileInfo(file).Length > 8 << 20),
            "nothing is written");
        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.True(watch.Elapsed < s_limit, $"{watch.Elapsed}");
    }

    private static void WriteLarge(string path)
    {
        using FileStream file = File.Create(path);
        for (int i = 0; i < Size >> 20; i++) file.Write(RandomNumberGenerator.GetBytes(1 << 20));
    }
}
