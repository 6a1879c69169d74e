using Container.Engine.Configuration;
using Container.Engine.Errors;
using Xunit;

namespace Container.Engine.Tests.Configuration;

public sealed class ContainerMountTests
{
    [Fact]
    public void Short_form_is_an_idmapped_bind()
    {
        ContainerMount mount = ContainerMount.Parse("/srv/data:/data:ro,noexec");

        Assert.Equal(ContainerMountType.Bind, mount.Type);
        Assert.Equal(("/srv/data", "/data"), (mount.Source, mount.Target));
        Assert.True(mount.ReadOnly && mount.IdMap);
        Assert.Equal(["noexec"], mount.Option);
    }

    [Fact]
    public void Long_form_names_its_fields()
    {
        ContainerMount mount = ContainerMount.Parse(
            "type=bind,src=/srv,dst=/data,readonly,idmap=false,bind-propagation=rslave");

        Assert.Equal(("/srv", "/data", true, false), (mount.Source, mount.Target, mount.ReadOnly, mount.IdMap));
        Assert.Equal(["rslave"], mount.Option);
    }

    [Fact]
    public void Tmpfs_takes_size_and_mode()
    {
        ContainerMount mount = ContainerMount.ParseTmpfs("/scratch:size=64m,mode=0750,noexec");

        Assert.Equal(ContainerMountType.Tmpfs, mount.Type);
        Assert.Equal((64L << 20, 0x1E8u), (mount.Size!.Value, mount.Mode!.Value));
        Assert.Equal(mount, ContainerMount.Parse(
            "type=tmpfs,dst=/scratch,tmpfs-size=64m,tmpfs-mode=0750") with { Option = mount.Option });
    }

    [Theory]
    [InlineData("")]
    [InlineData("only")]
    [InlineData("rel ative:/data")]
    [InlineData("/srv:relative")]
    [InlineData("/srv:/data:sideways")]
    [InlineData("/srv:/data:ro:more")]
    [InlineData("/srv:/")]
    [InlineData("type=volume,src=x y,dst=/data")]
    [InlineData("type=bind,src=/srv")]
    [InlineData("type=bind,src=/srv,dst=/data,colour=red")]
    [InlineData("type=tmpfs,dst=/x,tmpfs-size=many")]
    [InlineData("type=tmpfs,dst=/x,tmpfs-mode=0999")]
    public void What_cannot_be_used_is_named(string text)
    {
        EngineException failure = Assert.Throws<EngineException>(() => ContainerMount.Parse(text));

        Assert.Equal(ErrorId.InvalidMountSpecification, failure.Id);
        Assert.Equal(text, failure.Target);
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("64k", 65536)]
    [InlineData("64K", 65536)]
    [InlineData("1.5m", 1572864)]
    [InlineData("2GB", 2147483648)]
    [InlineData("1GiB", 1073741824)]
    [InlineData("0", 0)]
    public void Sizes_are_powers_of_1024(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out long size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("b")]
    [InlineData("1x")]
    [InlineData("9999999999g")]
    [InlineData("1e3")]
    public void Other_texts_are_no_sizes(string? text) => Assert.False(SizeText.TryParse(text, out _));
}
