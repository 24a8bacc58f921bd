package io.github.lbkit.http;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;

/** A policy that a test can foretell: by id, from the first. */
final class FirstFree implements Policy {
    @Override
    public String name() {
        return "first-free";
    }

    @Override
    public Picker picker(List<Member> members) {
        int size = members.size();
        return new Picker() {
            @Override
            public int next(Key key, Cursor cursor, LoadView load) {
                for (int i = 0; i < size; i++) {
                    if (cursor.visit(i)) {
                        return i;
                    }
                }
                return -1;
            }
        };
    }
}
