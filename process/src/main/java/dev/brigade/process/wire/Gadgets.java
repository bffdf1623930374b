package dev.brigade.process.wire;

import java.util.Set;

/*
 * Classes that are known to do harm by being read: the pieces of ysoserial's chains, of the lists of
 * WebLogic, Jackson, XStream and Jenkins, and their forms in other packages. Such a list is never
 * complete. It is the second line: the first is that only the two ends of one connection have a way
 * to write to it at all. Whoever feeds workers with what strangers made should allow a few classes
 * by a filter of their own.
 *
 * Whole packages are meant without their exceptions, which are results like others; single names
 * are meant whatever they are. Supertypes count, so that a subclass is no way round.
 */
/** Classes that are never read. */
final class Gadgets {
  private static final Set<String> NAMES =
      Set.of(
          "bsh.Interpreter",
          "bsh.XThis",
          "bsh.XThis$Handler",
          "ch.qos.logback.core.db.DriverManagerConnectionSource",
          "ch.qos.logback.core.db.JNDIConnectionSource",
          "clojure.core$comp",
          "clojure.core$constantly",
          "clojure.core$partial",
          "clojure.main$eval_opt",
          "com.alibaba.fastjson.JSONArray",
          "com.alibaba.fastjson.JSONObject",
          "com.alibaba.fastjson2.JSONArray",
          "com.alibaba.fastjson2.JSONObject",
          "com.fasterxml.jackson.databind.node.POJONode",
          "com.sun.jndi.ldap.LdapAttribute",
          "com.sun.rowset.JdbcRowSetImpl",
          "com.zaxxer.hikari.HikariConfig",
          "groovy.util.Expando",
          "java.beans.EventHandler",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.security.SignedObject",
          "java.util.ServiceLoader",
          "java.util.logging.FileHandler",
          "javax.imageio.ImageIO$ContainsFilter",
          "javax.management.BadAttributeValueExpException",
          "javax.media.jai.remote.SerializableRenderedImage",
          "javax.script.ScriptEngineManager",
          "javax.sql.rowset.BaseRowSet",
          "javax.swing.JEditorPane",
          "javax.swing.UIDefaults",
          "javax.swing.event.EventListenerList",
          "net.sf.json.JSONObject",
          "org.apache.commons.beanutils.BeanComparator",
          "org.apache.commons.beanutils2.BeanComparator",
          "org.apache.commons.codec.binary.Base64InputStream",
          "org.apache.commons.collections.comparators.TransformingComparator",
          "org.apache.commons.collections.keyvalue.TiedMapEntry",
          "org.apache.commons.collections.map.LazyMap",
          "org.apache.commons.collections.map.DefaultedMap",
          "org.apache.commons.collections4.comparators.TransformingComparator",
          "org.apache.commons.collections4.keyvalue.TiedMapEntry",
          "org.apache.commons.collections4.map.LazyMap",
          "org.apache.commons.collections4.map.DefaultedMap",
          "org.apache.commons.configuration.JNDIConfiguration",
          "org.apache.commons.configuration2.JNDIConfiguration",
          "org.apache.commons.fileupload.disk.DiskFileItem",
          "org.apache.wicket.util.upload.DiskFileItem",
          "org.aspectj.weaver.tools.cache.SimpleCache$StoreableCachingMap",
          "org.codehaus.groovy.runtime.ConversionHandler",
          "org.codehaus.groovy.runtime.ConvertedClosure",
          "org.codehaus.groovy.runtime.CurriedClosure",
          "org.codehaus.groovy.runtime.MethodClosure",
          "org.hibernate.engine.spi.TypedValue",
          "org.jdom.transform.XSLTransformer",
          "org.jdom2.transform.XSLTransformer",
          "org.mozilla.javascript.NativeError",
          "org.mozilla.javascript.NativeJavaObject",
          "org.python.core.PyBytecode",
          "org.python.core.PyFunction",
          "org.python.core.PyMethod",
          "org.quartz.utils.JNDIConnectionProvider",
          "org.springframework.beans.factory.ObjectFactory",
          "org.springframework.beans.factory.config.PropertyPathFactoryBean",
          "org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider",
          "org.springframework.jndi.support.SimpleJndiBeanFactory",
          "org.springframework.transaction.jta.JtaTransactionManager",
          "sun.reflect.annotation.AnnotationInvocationHandler",
          "sun.swing.SwingLazyValue");

  private static final String[] PACKAGES = {
    "ceylon.language.",
    "clojure.inspector.proxy$",
    "com.bea.core.repackaged.springframework.",
    "com.caucho.naming.",
    "com.mchange.v2.c3p0.",
    "com.mchange.v2.naming.",
    "com.newrelic.agent.deps.ch.qos.logback.core.db.",
    "com.rometools.rome.feed.impl.",
    "com.sun.jndi.",
    "com.sun.org.apache.bcel.",
    "com.sun.org.apache.xalan.",
    "com.sun.org.apache.xpath.",
    "com.sun.rowset.",
    "com.sun.syndication.feed.impl.",
    "com.tangosol.internal.util.invoke.",
    "com.tangosol.util.extractor.",
    "com.vaadin.data.util.",
    "java.rmi.activation.",
    "java.rmi.registry.",
    "java.rmi.server.",
    "javax.naming.",
    "javax.management.remote.",
    "oracle.jdbc.rowset.",
    "org.apache.bcel.",
    "org.apache.click.control.",
    "org.apache.commons.collections.functors.",
    "org.apache.commons.collections4.functors.",
    "org.apache.commons.dbcp.",
    "org.apache.commons.dbcp2.",
    "org.apache.commons.jelly.",
    "org.apache.myfaces.context.",
    "org.apache.myfaces.el.",
    "org.apache.myfaces.view.facelets.el.",
    "org.apache.openjpa.ee.",
    "org.apache.tomcat.dbcp.",
    "org.apache.xalan.",
    "org.apache.xbean.naming.",
    "org.hibernate.property.",
    "org.hibernate.tuple.",
    "org.hibernate.type.",
    "org.jboss.interceptor.",
    "org.jboss.weld.interceptor.",
    "org.springframework.aop.",
    "org.springframework.beans.factory.support.AutowireUtils$",
    "org.springframework.jndi.",
    "scala.sys.process.",
    "sun.rmi.",
  };

  private static final ClassValue<Boolean> REFUSED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return compute(type);
        }
      };

  private Gadgets() {}

  /** Whether objects of this class, or of arrays of it, are never read. */
  static boolean refused(Class<?> type) {
    return REFUSED.get(type);
  }

  private static boolean compute(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) element = element.getComponentType();
    if (element != type) return REFUSED.get(element);
    if (type.isPrimitive()) return false;
    if (listed(type)) return true;
    Class<?> parent = type.getSuperclass();
    if (parent != null && REFUSED.get(parent)) return true;
    for (Class<?> i : type.getInterfaces()) if (REFUSED.get(i)) return true;
    return false;
  }

  private static boolean listed(Class<?> type) {
    String name = type.getName();
    if (NAMES.contains(name)) return true;
    if (Throwable.class.isAssignableFrom(type)) return false;
    for (String p : PACKAGES) if (name.startsWith(p)) return true;
    return false;
  }
}
