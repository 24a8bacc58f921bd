package io.github.lbkit.testkit;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

/** A policy that a test can foretell: by id, first to last, whoever asks. */
record InOrder(int room) implements Policy {
    InOrder() {
        this(Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return "in-order";
    }

    @Override
    public boolean readsLoad() {
        return false;
    }

    @Override
    public Picker picker(List<Member> members) {
        if (members.size() > room) {
            throw new IllegalArgumentException("no room for more than " + room);
        }
        return (key, cursor, load) -> {
            int next = cursor.taken();
            return next < members.size() && cursor.visit(next) ? next : -1;
        };
    }
}
