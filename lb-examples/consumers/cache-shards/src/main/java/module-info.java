module com.example.shards {
    requires io.github.lbkit.hashing;
}
