using Container.Engine.Images.Archives;

namespace Container.Engine.Images;

/// <summary>Where an image archive is written: a directory, or a tar archive.</summary>
internal abstract class ImageSink
{
    /// <summary>Adds a file whose length is known.</summary>
    public abstract void Add(string name, long length, Action<Stream> write);

    /// <summary>Adds a small file.</summary>
    public void Add(string name, byte[] content) => Add(name, content.Length, output => output.Write(content));

    /// <summary>Ends the archive.</summary>
    public abstract void Finish();

    public static ImageSink ToDirectory(string path) => new DirectorySink(path);

    public static ImageSink ToArchive(Stream output) => new ArchiveSink(output);

    private sealed class DirectorySink(string path) : ImageSink
    {
        public override void Add(string name, long length, Action<Stream> write)
        {
            string file = Path.Combine(path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using FileStream output = new(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
            write(output);
        }

        public override void Finish()
        {
            // A directory has no end.
        }
    }

    private sealed class ArchiveSink(Stream output) : ImageSink
    {
        private readonly TarWriter writer = new(output);

        public override void Add(string name, long length, Action<Stream> write)
        {
            writer.Write(new TarEntry { Kind = TarEntryKind.File, Name = name, Mode = 0x1A4, Size = length });
            write(output);
            writer.Pad();
        }

        public override void Finish() => writer.Finish();
    }
}
