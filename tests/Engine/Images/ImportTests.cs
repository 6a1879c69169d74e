using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using Container.Engine.Images;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Images;

public sealed class ImportTests
{
    [Fact]
    public void A_plain_tar_becomes_an_image_of_one_layer()
    {
        TestUser.RequireRoot("owners as they are in the archive");
        using ImageFixture fixture = new();
        byte[] tar = new TarBuilder()
            .Directory("./", 0x1ED)
            .Directory("etc/", 0x1C0, mtime: 4242)
            .File("etc/passwd", "root:x:0:0::/root:/bin/sh\n", 0x124, 7, 8)
            .File("bin/su", "#!", 0x9ED)
            .Symlink("lib", "usr/lib")
            .HardLink("etc/passwd-", "etc/passwd")
            .ToArray();
        ImageRecord image = fixture.Import(
            fixture.Write(tar), "base:1", "CMD [\"/bin/sh\", \"-l\"]", "ENV A=1 B='two words'", "WORKDIR /w");
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(tar));
        Assert.Equal([digest], image.LayerDigests);
        Assert.Equal(["base:1"], image.References);
        Assert.Equal(["/bin/sh", "-l"], image.Config.Command);
        Assert.Contains("B=two words", image.Config.Environment!);
        Assert.Equal("/w", image.Config.WorkingDirectory);
        string tree = Assert.Single(fixture.Service.GetLayerDirectories(image));
        using RootDirectory root = RootDirectory.Open(tree);
        FileMetadata passwd = root.GetMetadata("etc/passwd");
        Assert.Equal((7u, 8u, 0x124u, 2u), (passwd.Uid, passwd.Gid, passwd.Mode, passwd.LinkCount));
        Assert.Equal(0x9EDu, root.GetMetadata("bin/su").Mode);
        Assert.Equal(0x1EDu, root.GetMetadata("bin").Mode);
        Assert.Equal((0x1C0u, 4242L), (root.GetMetadata("etc").Mode, root.GetMetadata("etc").ModifiedAt.Seconds));
        Assert.Equal("usr/lib", root.ReadLink("lib"));
        using RootDirectory images = RootDirectory.Open(fixture.Images);
        Assert.Equal(0x1C0u, images.GetMetadata("layers").Mode);
        Assert.Equal(image.Id, fixture.Service.Resolve("base:1").Id);
        Assert.Equal(image.Id, fixture.Service.Resolve(image.Id[..12]).Id);
        Assert.Equal(image.Id, fixture.Service.Resolve("sha256:" + image.Id).Id);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void The_compression_is_found_by_content_and_the_layer_is_the_same(string compression)
    {
        using ImageFixture fixture = new();
        byte[] random = RandomNumberGenerator.GetBytes(3_000_000);
        byte[] tar = new TarBuilder().File("data", random).ToArray();
        ImageRecord plain = fixture.Import(fixture.Write(tar), "plain:1");
        string path = fixture.Write(compression == "gzip" ? Gzip(tar) : Zstd(fixture, tar), "named.tar.xz");
        ImageRecord packed = fixture.Import(path, "packed:1");
        Assert.Equal(plain.LayerDigests, packed.LayerDigests);
        Assert.Equal(random, File.ReadAllBytes(Path.Combine(fixture.Service.GetLayerDirectories(packed)[0], "data")));
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(fixture.Images, "layers")));
    }

    [Fact]
    public void Extended_attributes_names_and_times_of_pax_are_kept_as_bytes()
    {
        TestUser.RequireRoot("capabilities of files");
        using ImageFixture fixture = new();
        byte[] capability = Convert.FromHexString("0100000280008000000000000000000000000000");
        string deep = string.Join('/', Enumerable.Repeat("d23456789", 30)) + "/file";
        using RootDirectory root = RootDirectory.Open(fixture.ImportTree(new TarBuilder()
            .Pax(("SCHILY.xattr.security.capability", capability), ("mtime", "1234.567891234"u8.ToArray()),
                ("SCHILY.xattr.user.note", [0xFF, 0x00, 0x0A]),
                ("SCHILY.xattr.trusted.overlay.redirect", "/etc"u8.ToArray()))
            .File("ping", "x")
            .Pax("path", deep).File("short", "deep")
            .LongName("gnu/" + new string('n', 200)).File("short", "long")
            .Pax(("path", [(byte)'l', 0xE9])).File("short", "latin")
            .Pax("linkpath", new string('t', 300)).Symlink("link", "short")));
        Dictionary<string, byte[]> xattrs = root.GetXattrs("ping").ToDictionary();
        Assert.Equal(capability, xattrs["security.capability"]);
        Assert.Equal([0xFF, 0x00, 0x0A], xattrs["user.note"]);
        Assert.Equal(2, xattrs.Count);
        Assert.Equal(new FileTime(1234, 567891234), root.GetMetadata("ping").ModifiedAt);
        Assert.Equal("deep"u8.ToArray(), root.ReadFile(deep, 10));
        Assert.Equal("long"u8.ToArray(), root.ReadFile("gnu/" + new string('n', 200), 10));
        Assert.Equal("latin"u8.ToArray(), root.ReadFile("l\uDCE9", 10));
        Assert.Contains(root.Enumerate("/"), entry => entry.Name == "l\uDCE9");
        Assert.Equal(new string('t', 300), root.ReadLink("link"));
    }

    [Fact]
    public void Three_hundred_levels_are_unpacked_and_removed()
    {
        using ImageFixture fixture = new();
        string deep = string.Join('/', Enumerable.Repeat("a", 300));
        ImageRecord image = fixture.Import(new TarBuilder().Pax("path", deep + "/f").File("f", "bottom"), "deep:1");
        using (RootDirectory root = RootDirectory.Open(fixture.Service.GetLayerDirectories(image)[0]))
        {
            Assert.Equal("bottom"u8.ToArray(), root.ReadFile(deep + "/f", 10));
        }

        fixture.Remove("deep:1");
        fixture.AssertEmpty();
    }

    [Fact]
    public void The_last_entry_of_a_name_counts()
    {
        using ImageFixture fixture = new();
        using RootDirectory root = RootDirectory.Open(fixture.ImportTree(new TarBuilder()
            .File("a", "1").File("a", "2")
            .Directory("b/").File("b/x", "x").File("b", "file now")
            .Symlink("c", "a").File("c", "no link")
            .Directory("d/").File("d/kept", "k").Directory("d/", 0x1C0)));
        Assert.Equal("2"u8.ToArray(), root.ReadFile("a", 10));
        Assert.Equal("file now"u8.ToArray(), root.ReadFile("b", 10));
        Assert.Equal("no link"u8.ToArray(), root.ReadFile("c", 10));
        Assert.Equal("k"u8.ToArray(), root.ReadFile("d/kept", 10));
        Assert.Equal(0x1C0u, root.GetMetadata("d").Mode);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("posix --sparse-version=0.0")]
    [InlineData("posix --sparse-version=0.1")]
    [InlineData("posix --sparse-version=1.0")]
    public void Sparse_files_of_every_format_have_their_holes(string format)
    {
        using ImageFixture fixture = new();
        string source = Directory.CreateDirectory(Path.Combine(fixture.Root, "src")).FullName;
        using (FileStream file = File.Create(Path.Combine(source, "sparse")))
        {
            // Forty segments: more than one extension block of the old format holds.
            for (int i = 0; i < 40; i++)
            {
                file.Position = i * 1_048_576L;
                file.Write(BitConverter.GetBytes(i + 1));
            }

            file.SetLength(64 << 20);
        }

        File.WriteAllText(Path.Combine(source, "z-after"), "after");
        string tar = Path.Combine(fixture.Root, "s.tar");
        Run("tar", $"--sparse --format={format} -cf {tar} -C {source} sparse z-after");
        Assert.True(new FileInfo(tar).Length < 2 << 20);
        string tree = fixture.Service.GetLayerDirectories(fixture.Import(tar))[0];
        using RootDirectory root = RootDirectory.Open(tree);
        FileMetadata metadata = root.GetMetadata("sparse");
        Assert.Equal(64L << 20, metadata.Size);
        Assert.True(metadata.Allocated < 2 << 20, $"{metadata.Allocated} bytes on disk");
        Assert.Equal(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(source, "sparse"))),
            SHA256.HashData(File.ReadAllBytes(Path.Combine(tree, "sparse"))));
        Assert.Equal("after", File.ReadAllText(Path.Combine(tree, "z-after")));
    }

    [Fact]
    public void A_directory_becomes_the_image_that_its_tar_would()
    {
        TestUser.RequireRoot("chown");
        using ImageFixture fixture = new();
        ImageRecord first = fixture.Import(new TarBuilder()
            .Directory("./", 0x1ED)
            .Pax(("SCHILY.xattr.user.k", "v"u8.ToArray()), ("mtime", "77.5"u8.ToArray()))
            .File("a", "content", 0x9ED, 5, 6)
            .HardLink("b", "a").Symlink("l", "/etc").Node("fifo", '6', 0, 0).Node("null", '3', 1, 3)
            .Pax("path", "dir/" + new string('x', 150)).File("x", "long"), "first:1");
        string tree = fixture.Service.GetLayerDirectories(first)[0];
        ImageRecord second = fixture.Import(tree, "second:1");
        string copy = fixture.Service.GetLayerDirectories(second)[0];
        Assert.NotEqual(tree, copy);
        ImageRecord third = fixture.Import(copy, "third:1");
        Assert.Equal(second.LayerDigests, third.LayerDigests);
        using RootDirectory root = RootDirectory.Open(copy);
        FileMetadata file = root.GetMetadata("a");
        Assert.Equal((0x9EDu, 5u, 6u, 2u), (file.Mode, file.Uid, file.Gid, file.LinkCount));
        Assert.Equal(new FileTime(77, 500_000_000), file.ModifiedAt);
        Assert.Equal("v"u8.ToArray(), root.GetXattrs("a").Single(pair => pair.Key == "user.k").Value);
        FileMetadata node = root.GetMetadata("null");
        Assert.Equal((FileKind.CharacterDevice, 1u, 3u), (node.Kind, node.MajorNumber, node.MinorNumber));
        Assert.Equal(FileKind.Fifo, root.GetMetadata("fifo").Kind);
    }

    [Fact]
    public void The_name_of_an_extended_attribute_may_have_any_character()
    {
        using ImageFixture fixture = new();
        string source = Directory.CreateDirectory(Path.Combine(fixture.Root, "src")).FullName;
        File.WriteAllText(Path.Combine(source, "f"), "x");
        string[] names = ["user.a=b", "user.a%3Db", "user.%25", "user.=", "user.c"];
        using (RootDirectory host = RootDirectory.Open(source))
        {
            foreach (string name in names) host.SetXattr("f", name, "v"u8);
        }

        // Of a directory, which is written as an archive and read again; and as GNU tar writes it.
        string tar = Path.Combine(fixture.Root, "x.tar");
        Run("tar", $"--xattrs --format=posix -cf {tar} -C {source} f");
        foreach (string path in (string[])[source, tar])
        {
            using RootDirectory root = RootDirectory.Open(
                fixture.Service.GetLayerDirectories(fixture.Import(path)).Single());
            Assert.Equal(names.Order(), root.GetXattrs("f").Select(xattr => xattr.Key).Order());
        }
    }

    [Fact]
    public void Holes_of_a_directory_stay_holes()
    {
        using ImageFixture fixture = new();
        string source = Directory.CreateDirectory(Path.Combine(fixture.Root, "src")).FullName;
        foreach ((string name, long[] data, long size) in ((string, long[], long)[])
            [("middle", [1L << 30], 3L << 30), ("ends", [0, (3L << 30) - 2], 3L << 30), ("empty", [], 4L << 30)])
        {
            using FileStream file = File.Create(Path.Combine(source, name));
            file.SetLength(size);
            foreach (long offset in data)
            {
                file.Position = offset;
                file.Write([7, 8]);
            }
        }

        ImageRecord image = fixture.Import(source, "holes:1");
        string tree = fixture.Service.GetLayerDirectories(image)[0];
        using RootDirectory root = RootDirectory.Open(tree);
        foreach (string name in (string[])["middle", "ends", "empty"])
        {
            FileMetadata metadata = root.GetMetadata(name);
            Assert.Equal(new FileInfo(Path.Combine(source, name)).Length, metadata.Size);
            Assert.True(metadata.Allocated <= 1 << 16, $"{name}: {metadata.Allocated} bytes on the disk");
        }

        using (FileStream file = File.OpenRead(Path.Combine(tree, "ends")))
        {
            Assert.Equal((7, 8), (file.ReadByte(), file.ReadByte()));
            file.Position = (3L << 30) - 3;
            Assert.Equal((0, 7, 8, -1), (file.ReadByte(), file.ReadByte(), file.ReadByte(), file.ReadByte()));
        }

        // GNU tar reads what we write, and the layer comes out as it went in.
        string layout = Path.Combine(fixture.Root, "layout");
        fixture.Service.Export(
            [image], layout, ImageArchiveFormat.OciLayout, cancellation: TestContext.Current.CancellationToken);
        string layer = Path.Combine(layout, "blobs", "sha256", image.LayerDigests[0]["sha256:".Length..]);
        Assert.True(new FileInfo(layer).Length < 1 << 16);
        string unpacked = Directory.CreateDirectory(Path.Combine(fixture.Root, "unpacked")).FullName;
        Run("tar", $"--sparse -xf {layer} -C {unpacked}");
        Assert.Equal(3L << 30, new FileInfo(Path.Combine(unpacked, "middle")).Length);
        using FileStream middle = File.OpenRead(Path.Combine(unpacked, "middle"));
        middle.Position = 1L << 30;
        Assert.Equal((7, 8, 0), (middle.ReadByte(), middle.ReadByte(), middle.ReadByte()));
    }

    internal static byte[] Gzip(byte[] data)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(data);
        return packed.ToArray();
    }

    internal static byte[] Zstd(ImageFixture fixture, byte[] data, string options = "")
    {
        string path = fixture.Write(data, "to-pack");
        Run("zstd", $"-q -f {options} {path} -o {path}.zst");
        return File.ReadAllBytes(path + ".zst");
    }

    private static void Run(string program, string arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
