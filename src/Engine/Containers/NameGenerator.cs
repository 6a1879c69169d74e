using System.Diagnostics;
using System.Security.Cryptography;
using Container.Engine.Configuration;

namespace Container.Engine.Containers;

/// <summary>Names for containers that nobody named: an adjective and a noun, then digits when those run out.</summary>
internal static class NameGenerator
{
    private static readonly string[] Adjectives =
    [
        "agile", "amber", "ample", "azure", "bold", "brave", "brief", "bright", "brisk", "calm", "clear", "clever",
        "cosy", "crisp", "daring", "deft", "eager", "early", "easy", "fair", "fast", "fine", "firm", "fleet", "fond",
        "frank", "fresh", "gentle", "glad", "golden", "grand", "green", "happy", "hardy", "honest", "jolly", "keen",
        "kind", "late", "lively", "lucid", "lucky", "mellow", "merry", "mild", "neat", "nimble", "noble", "patient",
        "plain", "polite", "proud", "quick", "quiet", "rapid", "ready", "royal", "sharp", "silent", "silver", "simple",
        "smart", "smooth", "sober", "solid", "steady", "still", "sunny", "swift", "tidy", "true", "vivid", "warm",
        "wise", "witty", "young",
    ];

    private static readonly string[] Nouns =
    [
        "alder", "anchor", "apple", "badger", "basin", "beacon", "beaver", "birch", "brook", "canyon", "castle",
        "cedar", "cliff", "cloud", "comet", "coral", "crane", "creek", "delta", "dune", "eagle", "elm", "ember",
        "falcon", "fern", "field", "finch", "fjord", "forest", "garden", "geyser", "glacier", "grove", "harbor",
        "hazel", "heron", "hill", "island", "ivy", "lagoon", "lake", "lantern", "lark", "lemon", "lynx", "maple",
        "marsh", "meadow", "mesa", "meteor", "moon", "moose", "oak", "ocean", "orchid", "otter", "owl", "pebble",
        "pine", "planet", "pond", "prairie", "quail", "quartz", "rabbit", "raven", "reef", "ridge", "river", "robin",
        "sail", "seal", "shore", "sparrow", "spruce", "star", "stone", "stream", "summit", "swan", "thicket", "tiger",
        "valley", "walnut", "willow", "wren",
    ];

    /// <summary>A name for the given attempt; each further one is less likely to be taken.</summary>
    public static string Next(int attempt, ContainerNameStyle style = ContainerNameStyle.Default)
    {
        string name = style switch
        {
            ContainerNameStyle.Tarot => SeedNames.Tarot(Stopwatch.GetTimestamp()),
            ContainerNameStyle.AdjectiveNoun => SeedNames.AdjectiveNoun(),
            _ => $"{Pick(Adjectives)}_{Pick(Nouns)}",
        };
        return attempt < 3 ? name : name + RandomNumberGenerator.GetInt32(10, 1_000_000);
    }

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
