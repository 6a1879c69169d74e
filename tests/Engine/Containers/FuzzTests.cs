using System.Text;
using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Engine.Errors;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>What a user or an image says of containers: understood or refused with an id.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void A_name_of_a_container_is_found_or_refused()
    {
        using TestEngine engine = new();
        ContainerRecord made = engine.Make(new ContainerConfiguration
        {
            Name = "a-Name_1.x", RootFsPath = engine.MakeRootFs(), Command = "true",
        });
        Fuzzer.Run([.. new[] { made.Name, made.Id, made.Id[..12] }.Select(Encoding.UTF8.GetBytes)], text =>
        {
            string name = Encoding.UTF8.GetString(text);
            Assert.Equal(made.Id, engine.Containers.Resolve(name).Id);
            Assert.True(made.Id.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                || string.Equals(made.Name, name, StringComparison.OrdinalIgnoreCase));
        }, IsRefusal);
    }

    [Fact]
    public void A_user_is_found_or_refused() => Fuzzer.Run(
        [.. new[] { "web", "1000:1001", "web:more" }.Select(Encoding.UTF8.GetBytes)],
        static text => Resolve(Encoding.UTF8.GetString(text), "web:x:1000:1001:Web:/srv:/bin/sh", "more:x:2001:other,web"),
        IsRefusal);

    [Fact]
    public void An_account_file_of_an_image_is_read_or_refused() => Fuzzer.Run(
        ["root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001:Web:/srv/web:/bin/sh\nmore:x:2001:other,web\n"u8.ToArray()],
        static file =>
        {
            string text = Encoding.UTF8.GetString(file);
            foreach (string user in (string[])["1000", "web", "root:more"])
            {
                try
                {
                    ResolvedUser found = Resolve(user, text, text);
                    Assert.DoesNotContain(uint.MaxValue, (uint[])[found.Uid, found.Gid, .. found.Groups]);
                }
                catch (EngineException failure) when (failure.Id == ErrorId.InvalidUser)
                {
                    // As it should.
                }
            }
        },
        IsRefusal);

    private static bool IsRefusal(Exception failure) => failure is EngineException { Id.Length: > 0 };

    private static ResolvedUser Resolve(string user, string passwd, string group) =>
        new UserDatabase(path => path == "/etc/passwd" ? passwd : group).Resolve(UserRequest.Parse(user), null);
}
