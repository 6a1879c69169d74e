using System.Text;
using Container.Engine.Errors;
using Container.Engine.Images.Archives;
using Container.Engine.Tests.Unprivileged;
using Container.Native.Files;
using Xunit;

namespace Container.Engine.Tests.Images;

/// <summary>Archives that lie: what they name stays in the layer's own tree, or they are refused whole.</summary>
public sealed class HostileArchiveTests
{
    [Theory]
    [InlineData("../../x")]
    [InlineData("a/../../x")]
    [InlineData("..")]
    [InlineData("./../x")]
    public void A_name_that_climbs_is_refused(string name)
    {
        using ImageFixture fixture = new();
        EngineException failure = fixture.Refuse(new TarBuilder().File("ok", "1").File(name, "evil").ToArray());
        Assert.Equal(ErrorId.ArchiveInvalid, failure.Id);
        Assert.Contains("leads out of it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hard_link_target_that_climbs_is_refused()
    {
        using ImageFixture fixture = new();
        fixture.Refuse(new TarBuilder().HardLink("shadow", "../../../../../../etc/shadow").ToArray());
    }

    [Fact]
    public void Absolute_names_and_links_stay_in_the_tree()
    {
        using ImageFixture fixture = new();
        string outside = fixture.Outside;
        using RootDirectory root = RootDirectory.Open(fixture.ImportTree(new TarBuilder()
            .File(outside + "/absolute", "evil")
            .Symlink("up", "../../../../../../../../../.." + outside)
            .File("up/through", "evil")
            .Symlink("abs", outside)
            .File("abs/through", "evil")
            .Directory("abs/dir/")
            .Symlink("chain", "up")
            .File("chain/more", "evil")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Equal("evil"u8.ToArray(), root.ReadFile(outside + "/absolute", 10));
        Assert.Equal("evil"u8.ToArray(), root.ReadFile(outside + "/through", 10));
        Assert.Equal("evil"u8.ToArray(), root.ReadFile(outside + "/more", 10));
    }

    [Fact]
    public void Hard_links_reach_only_what_the_archive_brought()
    {
        using ImageFixture fixture = new();
        Assert.Contains("link", fixture.Refuse(new TarBuilder().HardLink("stolen", "/etc/shadow").ToArray()).Message,
            StringComparison.Ordinal);
        string secret = Path.Combine(fixture.Root, "secret");
        File.WriteAllText(secret, "secret");
        fixture.Refuse(new TarBuilder().Symlink("s", fixture.Root).HardLink("stolen", "s/secret").ToArray());
        fixture.Refuse(new TarBuilder().Directory("d/").HardLink("stolen", "d").ToArray());

        // A hard link to a symbolic link is a second name of the link, never of what it leads to.
        using RootDirectory root = RootDirectory.Open(
            fixture.ImportTree(new TarBuilder().Symlink("s", secret).HardLink("t", "s")));
        Assert.Equal(secret, root.ReadLink("t"));
        Assert.Equal("secret", File.ReadAllText(secret));
    }

    [Fact]
    public void A_mode_never_goes_through_a_link_that_replaced_the_entry()
    {
        using ImageFixture fixture = new();
        string victim = Directory.CreateDirectory(Path.Combine(fixture.Root, "victim")).FullName;
        using RootDirectory host = RootDirectory.Open(fixture.Root);
        host.SetMode("victim", 0x1C0);
        using RootDirectory root = RootDirectory.Open(fixture.ImportTree(new TarBuilder()
            .Directory("d/", 0x1FF).Symlink("d", victim).File("f", "x", 0xFFF).Symlink("f", victim)));
        Assert.Equal(0x1C0u, host.GetMetadata("victim").Mode);
        Assert.Equal(FileKind.SymbolicLink, root.GetMetadata("d").Kind);
    }

    [Fact]
    public void Device_nodes_and_set_user_id_files_are_kept_where_only_root_can_reach_them()
    {
        TestUser.RequireRoot("device nodes");
        using ImageFixture fixture = new();
        string tree = fixture.ImportTree(new TarBuilder().Node("sda", '4', 8, 0).File("su", "x", 0x9ED));
        using RootDirectory root = RootDirectory.Open(tree);
        FileMetadata node = root.GetMetadata("sda");
        Assert.Equal((FileKind.BlockDevice, 8u, 0u), (node.Kind, node.MajorNumber, node.MinorNumber));
        Assert.Equal(0x9EDu, root.GetMetadata("su").Mode);
        using RootDirectory images = RootDirectory.Open(fixture.Images);
        Assert.Equal(0x1C0u, images.GetMetadata("layers").Mode);
        Assert.Equal(0x1C0u, images.GetMetadata("/").Mode);
    }

    [Fact]
    public void Whiteouts_become_overlay_nodes_in_the_layers_own_tree()
    {
        TestUser.RequireRoot("the names of root's whiteouts");
        using ImageFixture fixture = new();
        string victim = Directory.CreateDirectory(Path.Combine(fixture.Outside, "v")).FullName;
        try
        {
            using RootDirectory root = RootDirectory.Open(fixture.ImportTree(new TarBuilder()
                .File("etc/.wh.gone", "")
                .Directory("opaque/").File("opaque/.wh..wh..opq", "").File("opaque/new", "n")
                .Symlink("link", fixture.Outside).File("link/.wh.v", "")
                .File("back", "b").File(".wh.back", "")
                .File(".wh.again", "").Directory("again/")
                .File(".wh..wh.plnk", "")));
            Assert.True(IsWhiteout(root.GetMetadata("etc/gone")));
            Assert.Equal("y"u8.ToArray(), Opaque(root, "opaque"));
            Assert.Equal("n"u8.ToArray(), root.ReadFile("opaque/new", 5));
            Assert.Equal("b"u8.ToArray(), root.ReadFile("back", 5));
            Assert.Equal("y"u8.ToArray(), Opaque(root, "again"));
            Assert.Null(root.FindMetadata(".wh..wh.plnk"));
            Assert.True(Directory.Exists(victim));

            // Where nothing of lower layers shows, overlayfs would list it.
            using RootDirectory opaque = RootDirectory.Open(
                fixture.ImportTree(new TarBuilder().File("etc/.wh.gone", "").File(".wh..wh..opq", "")));
            Assert.Equal("y"u8.ToArray(), Opaque(opaque, "/"));
            Assert.Null(opaque.FindMetadata("etc/gone"));
        }
        finally
        {
            Directory.Delete(victim);
        }
    }

    [Theory]
    [InlineData(".wh...")]
    [InlineData("a/.wh...")]
    [InlineData(".wh..")]
    [InlineData(".wh.")]
    public void A_whiteout_of_something_above_is_refused(string name)
    {
        using ImageFixture fixture = new();
        Assert.Equal(ErrorId.ArchiveInvalid, fixture.Refuse(new TarBuilder().File(name, "").ToArray()).Id);
    }

    [Theory]
    [InlineData("negative size")]
    [InlineData("size that is no number")]
    [InlineData("size of eight exbibytes")]
    [InlineData("negative uid")]
    [InlineData("checksum")]
    [InlineData("unknown type")]
    [InlineData("NUL in a pax name")]
    [InlineData("pax record too long")]
    [InlineData("pax record without end")]
    [InlineData("pax size negative")]
    [InlineData("pax size huge")]
    [InlineData("name too long")]
    [InlineData("path too long")]
    [InlineData("file as directory")]
    [InlineData("no name")]
    [InlineData("empty link")]
    [InlineData("link loop")]
    [InlineData("root is a file")]
    [InlineData("sparse backwards")]
    [InlineData("sparse beyond its end")]
    [InlineData("sparse 1.0 map endless")]
    public void What_is_malformed_is_refused(string what)
    {
        using ImageFixture fixture = new();
        EngineException failure = fixture.Refuse(Malformed(what).ToArray());
        Assert.True(failure.Id is ErrorId.ArchiveInvalid or ErrorId.LimitExceeded, failure.Id);
    }

    [Fact]
    public void What_is_cut_off_or_goes_on_is_refused()
    {
        using ImageFixture fixture = new();
        byte[] tar = new TarBuilder().File("a", new byte[5000]).File("b", "b").ToArray();
        byte[] packed = ImportTests.Gzip(tar);
        byte[] zstd = ImportTests.Zstd(fixture, tar);
        File.Delete(Path.Combine(fixture.Root, "to-pack"));
        List<byte[]> archives =
        [
            [], [1, 2, 3], new byte[100], tar[..512], tar[..3000], tar[..6144], tar[..6656],
            packed[..20], packed[..(packed.Length / 2)],
            zstd[..20], zstd[..^3], [.. zstd, .. "garbage of some length"u8],
            [.. tar, .. "garbage"u8], [.. tar, .. new TarBuilder().File("hidden", "h").ToArray()],
            ImportTests.Gzip([.. tar, .. "garbage"u8]),
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "BZh91AY"u8.ToArray(),
            Encoding.UTF8.GetBytes(new string('x', 4096)),
        ];
        foreach (byte[] archive in archives) Assert.Equal(ErrorId.ArchiveInvalid, fixture.Refuse(archive).Id);
    }

    [Fact]
    public void Bombs_are_refused_in_bounded_time()
    {
        using ImageFixture fixture = new(new ArchiveLimits
        {
            Bytes = 64 << 20,
            Entries = 1000,
            Ratio = 100,
            FreeBytes = 1 << 20,
            HeaderBytes = 4096,
            DirectoryNames = 10_000,
        });
        byte[] zeros = new TarBuilder().File("zeros", new byte[16 << 20]).ToArray();
        TarBuilder many = new();
        for (int i = 0; i < 1001; i++) many.File("f" + i, "");
        byte[] huge = new TarBuilder().Header("huge", '0', 65L << 20).ToArray();
        byte[] holes = new TarBuilder().Pax("GNU.sparse.size", "99999999999").File("holes", "").ToArray();
        byte[] longName = new TarBuilder().LongName(new string('n', 5000)).File("n", "").ToArray();
        byte[] content = new TarBuilder().File("w", new byte[8 << 20]).ToArray();
        byte[] window = ImportTests.Zstd(fixture, content, "--ultra --long=31");
        byte[][] packed = [ImportTests.Gzip(zeros), ImportTests.Zstd(fixture, zeros)];
        TarBuilder names = new();
        for (int i = 0; i < 101; i++) names.LongName($"{new string('d', 99)}{i:000}/").Directory("d");
        byte[][] bombs = [.. packed, many.ToArray(), huge, holes, longName, names.ToArray()];
        foreach (byte[] archive in bombs)
            Assert.Equal(ErrorId.LimitExceeded, fixture.Refuse(archive).Id);
        File.Delete(Path.Combine(fixture.Root, "to-pack"));
        Assert.Equal(ErrorId.ArchiveInvalid, fixture.Refuse(WithWindow(window, 31)).Id);
    }

    // A file may be larger than it takes room: what stands after the end mark is looked at as well.
    [Fact]
    public void An_archive_that_is_larger_than_any_is_refused_at_once()
    {
        using ImageFixture fixture = new();
        string archive = fixture.Write(new TarBuilder().File("manifest.json", "[]").ToArray());
        using (FileStream file = File.OpenWrite(archive)) file.SetLength(8L << 40);
        EngineException failure = Assert.Throws<EngineException>(() => fixture.Service.Import(archive, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(ErrorId.LimitExceeded, failure.Id);
    }

    // The frame header's window descriptor (RFC 8878, 3.1.1.1.2): without a single segment, the exponent less 10.
    private static byte[] WithWindow(byte[] frame, int log)
    {
        byte descriptor = (byte)(frame[4] & ~0xE0 & ~0x03);
        return [.. frame.AsSpan(0, 4), descriptor, (byte)((log - 10) << 3), .. frame.AsSpan(6)];
    }

    private static TarBuilder Malformed(string what)
    {
        TarBuilder tar = new TarBuilder().File("before", "b");
        return what switch
        {
            "negative size" => tar.Header("f", '0', edit: block => block.AsSpan(124, 12).Fill(0xFF)),
            "size that is no number" => tar.Header("f", '0', edit: block => block[130] = (byte)'z'),
            "size of eight exbibytes" => tar.Header("f", '0', edit: block =>
            {
                block.AsSpan(124, 12).Fill(0xFF);
                block[124] = 0x80;
                block.AsSpan(125, 3).Clear();
                block[128] = 0x7F;
            }),
            "negative uid" => tar.Header("f", '0', edit: block => block.AsSpan(108, 8).Fill(0xFF)),
            "checksum" => tar.Raw(Spoil(new TarBuilder().File("f", "x").ToArray(end: false))),
            "unknown type" => tar.Header("f", 'M'),
            "NUL in a pax name" => tar.Pax("path", "a\0b").File("f", "x"),
            "pax record too long" =>
                tar.Header("pax", 'x', 20).Data("999 path=abcdefghij\n"u8.ToArray()).File("f", "x"),
            "pax record without end" => tar.Header("pax", 'x', 12).Data("12 path=abcd"u8.ToArray()).File("f", "x"),
            "pax size negative" => tar.Pax("size", "-1").File("f", "x"),
            "pax size huge" => tar.Pax("size", "9223372036854775807").File("f", "x"),
            "name too long" => tar.Pax("path", new string('n', 300)).File("f", "x"),
            "path too long" => tar.Pax("path", string.Join('/', Enumerable.Repeat("abcdefgh", 600))).File("f", "x"),
            "file as directory" => tar.File("before/f", "x"),
            "no name" => tar.Header("", '0'),
            "empty link" => tar.Symlink("l", ""),
            "link loop" => tar.Symlink("l", "m").Symlink("m", "l").File("l/f", "x"),
            "root is a file" => tar.File("./", "x"),
            "sparse backwards" => tar
                .Pax(("GNU.sparse.size", "100"u8.ToArray()), ("GNU.sparse.map", "50,2,10,2"u8.ToArray()))
                .File("s", "abcd"),
            "sparse beyond its end" => tar
                .Pax(("GNU.sparse.size", "10"u8.ToArray()), ("GNU.sparse.map", "8,4"u8.ToArray()))
                .File("s", "abcd"),
            "sparse 1.0 map endless" => tar
                .Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.realsize", "10"u8.ToArray()))
                .File("s", Encoding.ASCII.GetBytes("900000\n" + string.Concat(Enumerable.Repeat("1\n", 250)))),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    private static byte[] Spoil(byte[] block)
    {
        block[0] ^= 1;
        return block;
    }

    private static bool IsWhiteout(FileMetadata metadata) =>
        metadata is { Kind: FileKind.CharacterDevice, MajorNumber: 0, MinorNumber: 0 };

    private static byte[] Opaque(RootDirectory root, string path) =>
        root.GetXattrs(path).Single(pair => pair.Key == "trusted.overlay.opaque").Value;
}
